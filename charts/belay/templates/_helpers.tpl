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
{{- toYaml $all -}}
{{- end -}}
