{{- define "telephony.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}{{- if not (contains .Chart.Name .Release.Name) -}}-{{ .Chart.Name }}{{- end -}}
{{- end -}}

{{- define "telephony.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "telephony.labels" -}}
{{ include "telephony.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "telephony.image" -}}
{{ .Values.image.repository }}{{ with .Values.image.digest }}@{{ . }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end -}}

{{/* With one pod there is nobody else to send anything to: it stays reachable for the calls it has, and turns new ones
away in words. */}}
{{- define "telephony.readiness" -}}
{{ if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) }}/readyz{{ else }}/livez{{ end }}
{{- end -}}
