{{ define "a" }}{{ .s }}{{ template "b" . }}{{ end }}{{ define "b" }}<{{ .n }}>{{ end }}{{ include "a" .Values | nindent 4 }}{{ block "c" . }}x{{ end }}{{ tpl .Values.t .Values }}
