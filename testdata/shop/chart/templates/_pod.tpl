{{- define "shop.security" -}}
privileged: {{ .Values.web.privileged }}
{{- end }}
