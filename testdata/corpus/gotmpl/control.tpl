{{- $x := 1 -}}
{{ range $i, $e := .Values.l }}{{ if eq $i 1 }}{{ continue }}{{ else if gt $i 5 }}{{ break }}{{ end }}{{ $i }}={{ $e | quote }}
{{ else }}none{{ end }}{{ with .Values.m }}{{ .a }}{{ end }}{{ $x = 2 }}{{ $x }}
