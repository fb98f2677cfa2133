{{ define "r" }}{{ include "r" . }}{{ end }}{{ range until 100000 }}{{ end }}{{ include "r" . }}
