{{- define "konnect-proxy.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "konnect-proxy.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "konnect-proxy.labels" -}}
{{ include "konnect-proxy.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{- define "konnect-proxy.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "konnect-proxy.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "konnect-proxy.image" -}}
{{- $tag := .Values.image.tag | default .Chart.AppVersion -}}
{{- .Values.image.repository -}}:{{- $tag -}}
{{- with .Values.image.digest -}}@{{- . -}}{{- end -}}
{{- end -}}

{{- define "konnect-proxy.adminPort" -}}
{{- regexFind "[0-9]+$" (dig "admin" "address" "" .Values.config) -}}
{{- end -}}

{{/* The name of a listener's port: connect, and with their numbers the others. */}}
{{- define "konnect-proxy.portName" -}}
{{- if eq .index 0 -}}connect{{- else -}}connect-{{ .port }}{{- end -}}
{{- end -}}

{{/* The directories below /etc/konnect-proxy that the configuration names, with a blank between them. */}}
{{- define "konnect-proxy.directories" -}}
{{- $directories := list -}}
{{- range regexFindAll "\"/etc/konnect-proxy/[a-z0-9-]+/" (.Values.config | toJson) -1 -}}
{{- $directories = append $directories (. | trimPrefix "\"/etc/konnect-proxy/" | trimSuffix "/") -}}
{{- end -}}
{{- $directories | uniq | sortAlpha | join " " -}}
{{- end -}}

{{/* Whether there is a file of the trail, and so a volume: not with audit.file: null. */}}
{{- define "konnect-proxy.hasTrail" -}}
{{- $audit := .Values.config.audit | default dict -}}
{{- if not (and (hasKey $audit "file") (kindIs "invalid" $audit.file)) -}}true{{- end -}}
{{- end -}}

{{/* A duration of the configuration in seconds, rounded up. Without leading zeros: int64 takes 0100 for an octal number. */}}
{{- define "konnect-proxy.seconds" -}}
{{- $number := regexFind "[1-9][0-9]*" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" -}}{{- div (add $number 999) 1000 -}}
{{- else -}}{{- mul $number (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) -}}
{{- end -}}
{{- end -}}

{{/* A size of the configuration (256MiB) or of Kubernetes (10Gi) in bytes. */}}
{{- define "konnect-proxy.bytes" -}}
{{- $text := . | toString -}}
{{- if kindIs "float64" . -}}{{- $text = . | int64 | toString -}}{{- end -}}
{{- $number := regexFind "[1-9][0-9]*" $text | int64 -}}
{{- $unit := regexFind "[A-Z]?" (regexFind "[A-Za-z]*$" $text) -}}
{{- mul $number (get (dict "" 1 "K" 1024 "M" 1048576 "G" 1073741824 "T" 1099511627776 "P" 1125899906842624) $unit) -}}
{{- end -}}

{{/* Configuration, Secrets and ConfigMaps: what the proxy and helm test read alike. */}}
{{- define "konnect-proxy.readMounts" -}}
- name: config
  mountPath: /opt/konnect-proxy/config
  readOnly: true
{{- with include "konnect-proxy.directories" . }}
# Whole directories: a file mounted alone (subPath) never changes.
{{- range splitList " " . }}
- name: files-{{ . }}
  mountPath: /etc/konnect-proxy/{{ . }}
  readOnly: true
{{- end }}
{{- end }}
{{- end -}}

{{- define "konnect-proxy.readVolumes" -}}
- name: config
  configMap:
    name: {{ include "konnect-proxy.fullname" . | quote }}
{{- $values := .Values }}
{{- with include "konnect-proxy.directories" . }}
{{- range splitList " " . }}
- name: files-{{ . }}
{{- if hasKey $values.secrets . }}
  secret:
    secretName: {{ get $values.secrets . | quote }}
    defaultMode: 288   # 0440
{{- else }}
  configMap:
    name: {{ get $values.configMaps . | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "konnect-proxy.podSecurityContext" -}}
runAsNonRoot: true
{{- with .Values.runAsUser }}
runAsUser: {{ int . }}
runAsGroup: {{ int . }}
fsGroup: {{ int . }}
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "konnect-proxy.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/*
What only a restart can change (docs/operate.md). Its hash is in the pod, so that an upgrade replaces the pods for it, and
for nothing else in the configuration.
*/}}
{{- define "konnect-proxy.restartOnly" -}}
{{- $config := .Values.config -}}
{{- $audit := pick ($config.audit | default dict) "file" "stdout" "on-failure" "durability" "sign" -}}
{{- $listen := list -}}
{{- range $config.listen -}}{{- $listen = append $listen .address -}}{{- end -}}
{{- dict "instance" $config.instance "admin" (dig "admin" "address" "" $config) "audit" $audit "listen" $listen | toJson -}}
{{- end -}}
