{{- define "belay.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains "belay" .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-belay" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "belay.selector" -}}
app.kubernetes.io/name: belay
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "belay.labels" -}}
{{ include "belay.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "belay.account" -}}
{{- .Values.serviceAccount.name | default (include "belay.fullname" .) -}}
{{- end -}}

{{- define "belay.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* A path as the key of a ConfigMap, which knows no slashes. */}}
{{- define "belay.key" -}}
{{- . | replace "/" "__" -}}
{{- end -}}

{{/* Fails where a secret stands in the configuration itself, which becomes a ConfigMap that many may read. */}}
{{- define "belay.plain" -}}
{{- $at := .at -}}
{{- if kindIs "map" .value -}}
{{- range $key, $value := .value -}}
{{- $path := printf "%s.%s" $at $key -}}
{{- if or (has $key (list "token" "app_token" "bearer_token" "routing_key" "ssl.keystore.key")) (hasSuffix "password" $key) -}}
{{- include "belay.variable" (dict "at" $path "value" $value) -}}
{{- else if has $key (list "bearer_tokens" "secrets" "signing_secrets") -}}
{{- range $index, $item := $value -}}
{{- include "belay.variable" (dict "at" (printf "%s[%d]" $path $index) "value" $item) -}}
{{- include "belay.plain" (dict "at" (printf "%s[%d]" $path $index) "value" $item) -}}
{{- end -}}
{{- else if not (has $key (list "groups" "external_labels")) -}}
{{- include "belay.plain" (dict "at" $path "value" $value) -}}
{{- end -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- range $index, $item := .value -}}
{{- include "belay.plain" (dict "at" (printf "%s[%d]" $at $index) "value" $item) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "belay.variable" -}}
{{- if and (kindIs "string" .value) (not (contains "${" .value)) -}}
{{- fail (printf "%s: secrets do not belong into values and ConfigMaps; name a file beneath /run/secrets/belay (see \"secrets\"), or a ${NAME} of \"env\"" .at) -}}
{{- end -}}
{{- end -}}

{{/* The whole configuration: what people wrote, and what only the chart can know. */}}
{{- define "belay.config" -}}
{{- range list "listen" "rules" "journal" "shutdown_delay" "shutdown_grace" -}}
{{- if hasKey $.Values.config . -}}
{{- fail (printf "config.%s is the chart's business; remove it" .) -}}
{{- end -}}
{{- end -}}
{{- $own := dict
      "listen" "0.0.0.0:9096"
      "rules" "/etc/belay/rules"
      "journal" "/var/lib/belay/journal"
      "shutdown_delay" (printf "%ds" (int .Values.shutdown.delay))
      "shutdown_grace" (printf "%ds" (int .Values.shutdown.grace)) -}}
{{- $all := mergeOverwrite (deepCopy .Values.config) $own -}}
{{- if .Values.auth.tokenSecret -}}
{{- $auth := default (dict) (get $all "auth") -}}
{{- $file := dict "file" "/run/secrets/belay-token/token" "role" "intake" -}}
{{- $_ := set $all "auth" (set $auth "bearer_token_files" (append (default (list) (get $auth "bearer_token_files")) $file)) -}}
{{- end -}}
{{- if .Values.auth.viewerTokenSecret -}}
{{- $auth := default (dict) (get $all "auth") -}}
{{- $file := dict "file" "/run/secrets/belay-viewer-token/token" "role" "viewer" -}}
{{- $_ := set $all "auth" (set $auth "bearer_token_files" (append (default (list) (get $auth "bearer_token_files")) $file)) -}}
{{- end -}}
{{- $auth := default (dict) (get $all "auth") -}}
{{- if not (or (get $auth "bearer_tokens") (get $auth "bearer_token_files") (get $auth "basic") (get $auth "proxy")) -}}
{{- fail "without auth Belay listens within its pod only, where no probe reaches it, and would never be ready; set auth.tokenSecret or config.auth" -}}
{{- end -}}
{{- include "belay.plain" (dict "at" "config" "value" .Values.config) -}}
{{- toYaml $all -}}
{{- end -}}
