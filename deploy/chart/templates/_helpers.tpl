{{/*
The release's name, with "opsbot" in it; all other names begin with it. At most 46 characters: with "-redis" and a hash of 10
behind it, it is a label of the StatefulSet's pods.
*/}}
{{- define "opsbot.fullname" -}}
{{- if contains "opsbot" .Release.Name }}{{ .Release.Name | trunc 46 | trimSuffix "-" }}{{ else }}{{ printf "%s-opsbot" (.Release.Name | trunc 39 | trimSuffix "-") }}{{ end }}
{{- end }}

{{- define "opsbot.selector" -}}
app.kubernetes.io/name: opsbot
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "opsbot.redisSelector" -}}
app.kubernetes.io/name: opsbot-redis
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "opsbot.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "opsbot.labels" -}}
{{ include "opsbot.selector" . }}
{{ include "opsbot.commonLabels" . }}
{{- end }}

{{- define "opsbot.redisLabels" -}}
{{ include "opsbot.redisSelector" . }}
{{ include "opsbot.commonLabels" . }}
{{- end }}

{{/* "true" where the role runs in this release, else empty. */}}
{{- define "opsbot.hub" -}}{{ if has "hub" .Values.roles }}true{{ end }}{{- end }}
{{- define "opsbot.agent" -}}{{ if has "agent" .Values.roles }}true{{ end }}{{- end }}

{{/* "true" where the values hold Slack's secrets, so that the chart makes the Secret. */}}
{{- define "opsbot.slackGiven" -}}
{{- with .Values.slack }}{{ if or .botToken .appToken .signingSecret }}true{{ end }}{{ end }}
{{- end }}

{{- define "opsbot.slackSecret" -}}
{{- if include "opsbot.slackGiven" . }}{{ include "opsbot.fullname" . }}-slack{{ else }}{{ .Values.slack.existingSecret }}{{ end }}
{{- end }}

{{/* The key of Slack's Secret beside bot-token. */}}
{{- define "opsbot.slackKey" -}}
{{- if eq .Values.slack.transport "http" }}signing-secret{{ else }}app-token{{ end }}
{{- end }}

{{/* The key of Redis' Secret, and its value where the values hold it. */}}
{{- define "opsbot.redisKey" -}}
{{- if .Values.redis.enabled }}password{{ else }}url{{ end }}
{{- end }}

{{- define "opsbot.redisGiven" -}}
{{- if .Values.redis.enabled }}{{ .Values.redis.password }}{{ else }}{{ .Values.redis.url }}{{ end }}
{{- end }}

{{- define "opsbot.redisSecret" -}}
{{- if include "opsbot.redisGiven" . }}{{ include "opsbot.fullname" . }}-redis{{ else }}{{ .Values.redis.existingSecret }}{{ end }}
{{- end }}

{{/* The port of a Redis elsewhere: the address's, where the values hold it and it names one. */}}
{{- define "opsbot.redisPort" -}}
{{- regexReplaceAll "^(.*@|.*//)?[^:/?]*(:([0-9]+))?([/?].*)?$" (.Values.redis.url | default "") "${3}" | default (toString .Values.redis.port) }}
{{- end }}

{{/* opsbot.yaml */}}
{{- define "opsbot.config" -}}
{{- $config := dict "namespaces" (.Values.namespaces | default (list "*")) }}
{{- if kindIs "slice" .Values.actions }}{{ $_ := set $config "actions" .Values.actions }}{{ end }}
{{- toYaml (merge $config (.Values.config | default dict)) }}
{{- end }}

{{/* What the Restricted Pod Security Standard asks of a container. */}}
{{- define "opsbot.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop:
    - ALL
{{- end }}
