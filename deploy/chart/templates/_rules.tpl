{{/*
The rules of a Role out of a list of rights (group, resource, verbs, names): one rule for each resource, with all verbs
that are asked for it.
*/}}
{{- define "opsbot.rules" -}}
{{- $order := list "get" "list" "watch" "create" "update" "patch" "delete" }}
{{- $rules := dict }}
{{- range . }}
{{- $key := printf "%s/%s/%s" .group .resource (join "," .names) }}
{{- $rule := get $rules $key | default (dict "group" .group "resource" .resource "names" .names "verbs" list) }}
{{- $_ := set $rule "verbs" (concat $rule.verbs .verbs) }}
{{- $_ := set $rules $key $rule }}
{{- end }}
{{- range $key := keys $rules | sortAlpha }}
{{- $rule := get $rules $key }}
- apiGroups: [{{ $rule.group | quote }}]
  resources: [{{ $rule.resource | quote }}]
  {{- with $rule.names }}
  resourceNames: {{ toJson . }}
  {{- end }}
  verbs:
    {{- range $verb := $order }}
    {{- if has $verb $rule.verbs }}
    - {{ $verb }}
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}
