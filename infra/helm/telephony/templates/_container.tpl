{{/* What the service and the making of its tables have in common. */}}
{{- define "telephony.container" -}}
envFrom:
  - configMapRef:
      name: {{ include "telephony.name" . }}
  - secretRef:
      name: {{ .Values.secrets.existingSecret }}
resources: {{- toYaml .Values.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: data
    mountPath: /data
  - name: tmp
    mountPath: /tmp
  {{- if .Values.directory.existingSecret }}
  {{- range .Values.directory.files }}
  - name: directory
    mountPath: /data/{{ . }}
    subPath: {{ . }}
    readOnly: true
  {{- end }}
  {{- end }}
{{- end -}}
