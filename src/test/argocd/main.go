// Command notify renders a template of Argo CD's notifications as Argo CD does: with Go's templates, sprig's functions
// and expr's conditions (github.com/argoproj/notifications-engine, pkg/templates and pkg/triggers). It reads a JSON
// object with "body", "when" and "oncePer", which are templates' and triggers' texts, and "app", the Application.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/expr-lang/expr"
)

type asked struct {
	Body    string         `json:"body"`
	When    []string       `json:"when"`
	OncePer []string       `json:"oncePer"`
	App     map[string]any `json:"app"`
}

type answer struct {
	Body    string   `json:"body"`
	When    []bool   `json:"when"`
	OncePer []string `json:"oncePer"`
}

func main() {
	if err := notify(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func notify() error {
	var in asked
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	vars := map[string]any{"app": in.App}
	var out answer
	for _, when := range in.When {
		holds, err := evaluated(when, vars)
		if err != nil {
			return err
		}
		out.When = append(out.When, holds == true)
	}
	for _, key := range in.OncePer {
		value, err := evaluated(key, vars)
		if err != nil {
			return err
		}
		out.OncePer = append(out.OncePer, fmt.Sprintf("%v", value))
	}
	functions := sprig.TxtFuncMap()
	delete(functions, "env")
	delete(functions, "expandenv")
	body, err := template.New("body").Funcs(functions).Parse(in.Body)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := body.Execute(&text, vars); err != nil {
		return err
	}
	out.Body = text.String()
	return json.NewEncoder(os.Stdout).Encode(out)
}

func evaluated(text string, vars map[string]any) (any, error) {
	program, err := expr.Compile(text)
	if err != nil {
		return nil, err
	}
	return expr.Run(program, vars)
}
