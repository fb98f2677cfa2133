"""Charts and kustomizations for bench/e2e/render.py, made rather than copied; the same on every run."""
import json

HELPERS = '''{{- define "NAME.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The release's name, unless it holds the chart's already. */}}
{{- define "NAME.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "NAME.selectorLabels" -}}
app.kubernetes.io/name: {{ include "NAME.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "NAME.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "NAME.selectorLabels" . }}
{{- if .Chart.AppVersion }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "NAME.image" -}}
{{- $registry := default .Values.image.registry ((.Values.global | default dict).imageRegistry) -}}
{{- if regexMatch "^sha256:" (.Values.image.digest | default "") -}}
{{- printf "%s/%s@%s" $registry .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s/%s:%s" $registry .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end }}
'''

DEPLOYMENT = '''apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "NAME.fullname" . }}SUFFIX
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "NAME.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include (print $.Template.BasePath "/CONFIG") . | sha256sum }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      labels:
        {{- include "NAME.selectorLabels" . | nindent 8 }}
    spec:
      serviceAccountName: {{ include "NAME.fullname" . }}
      securityContext: {{- toYaml .Values.podSecurityContext | nindent 8 }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "NAME.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy | default "IfNotPresent" }}
          securityContext: {{- toYaml .Values.securityContext | nindent 12 }}
          ports:
            {{- range $name, $port := .Values.service.ports }}
            - name: {{ $name }}
              containerPort: {{ $port }}
              protocol: TCP
            {{- end }}
          env:
            {{- range .Values.env }}
            - name: {{ .name | upper | replace "-" "_" }}
              value: {{ tpl (.value | toString) $ | quote }}
            {{- end }}
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
      {{- with .Values.affinity }}
      affinity:
        {{- tpl (toYaml .) $ | nindent 8 }}
      {{- end }}
'''

CONFIG = '''apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "NAME.fullname" . }}SUFFIX
  labels: {{- include "NAME.labels" . | nindent 4 }}
data:
  {{- range $k, $v := .Values.config }}
  {{ $k }}: {{ $v | quote }}
  {{- end }}
  settings.json: |
    {{- .Values.config | mustToPrettyJson | nindent 4 }}
'''

SERVICE = '''{{- if and .Values.service.enabled (gt (len .Values.service.ports) 0) -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "NAME.fullname" . }}SUFFIX
  labels:
    {{- include "NAME.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    {{- range $name, $port := .Values.service.ports }}
    - port: {{ $port }}
      targetPort: {{ $name }}
      name: {{ $name }}
    {{- end }}
  selector: {{- include "NAME.selectorLabels" . | nindent 4 }}
{{- end }}
'''

ACCOUNT = '''apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "NAME.fullname" . }}SUFFIX
  labels: {{- include "NAME.labels" . | nindent 4 }}
automountServiceAccountToken: {{ .Values.serviceAccount.automount | default false }}
'''

INGRESS = '''{{- if .Values.ingress.enabled -}}
{{- $full := include "NAME.fullname" . -}}
apiVersion: {{ if .Capabilities.APIVersions.Has "networking.k8s.io/v1/Ingress" }}networking.k8s.io/v1{{ else }}networking.k8s.io/v1{{ end }}
kind: Ingress
metadata:
  name: {{ $full }}SUFFIX
  labels: {{- include "NAME.labels" . | nindent 4 }}
spec:
  rules:
    {{- range .Values.ingress.hosts }}
    - host: {{ tpl .host $ | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            pathType: {{ default "Prefix" .pathType }}
            backend:
              service:
                name: {{ $full }}
                port:
                  name: http
          {{- end }}
    {{- end }}
{{- end }}
'''

VALUES = '''# How many pods there are.
replicaCount: 2
nameOverride: ""
fullnameOverride: ""
commonLabels:
  team: platform
image:
  registry: registry.example.com
  repository: apps/NAME
  tag: ""
  digest: ""
  pullPolicy: IfNotPresent
autoscaling:
  enabled: false
serviceAccount:
  automount: false
podAnnotations:
  prometheus.io/scrape: "true"
podSecurityContext:
  runAsNonRoot: true
  fsGroup: 2000
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
service:
  enabled: true
  type: ClusterIP
  ports:
    http: 8080
    metrics: 9090
ingress:
  enabled: true
  hosts:
    - host: "{{ .Release.Name }}.example.com"
      paths:
        - path: /
          pathType: Prefix
resources:
  limits: {cpu: 500m, memory: 256Mi}
  requests: {cpu: 100m, memory: 128Mi}
env:
  - name: log-level
    value: info
  - name: release
    value: "{{ .Release.Name }}"
config:
  mode: production
  retries: 3
  endpoint: http://backend:8080
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 1
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              app.kubernetes.io/instance: "{{ .Release.Name }}"
'''

TEMPLATES = {"deployment": DEPLOYMENT, "configmap": CONFIG, "service": SERVICE, "serviceaccount": ACCOUNT, "ingress": INGRESS}


def chart_file(name, dependencies=(), **more):
    lines = ["apiVersion: v2", f"name: {name}", "version: 1.2.3", 'appVersion: "4.5.6"']
    lines += [f"{k}: {v}" for k, v in more.items()]
    if dependencies:
        lines.append("dependencies:")
        for d in dependencies:
            lines += [f"{'- ' if i == 0 else '  '}{k}: {json.dumps(v) if k == 'version' else v}" for i, (k, v) in enumerate(d.items())]
    return "\n".join(lines) + "\n"


def chart(name, sets=1, dependencies=(), values=VALUES):
    """A chart with `sets` of each template."""
    files = {"Chart.yaml": chart_file(name, dependencies), "values.yaml": values.replace("NAME", name),
             "templates/_helpers.tpl": HELPERS.replace("NAME", name)}
    for i in range(sets):
        suffix = "" if i == 0 else f"-{i}"
        for kind, text in TEMPLATES.items():
            text = text.replace("NAME", name).replace("SUFFIX", suffix).replace("CONFIG", f"configmap{suffix}.yaml")
            files[f"templates/{kind}{suffix}.yaml"] = text
    return files


def below(folder, files):
    return {f"{folder}/{name}": text for name, text in files.items()}


def small():
    return chart("small")


def umbrella():
    subcharts = [f"service{c}" for c in "abc"]
    dependencies = [{"name": "common", "version": "1.x.x"}]
    dependencies += [{"name": s, "version": "1.*", "condition": f"{s}.enabled"} for s in subcharts]
    dependencies += [{"name": s, "version": "1.*", "alias": s + "-blue", "tags": "[blue]"} for s in subcharts]
    values = VALUES + "tags: {blue: true}\nglobal: {imageRegistry: mirror.example.com}\n"
    values += "".join(f"{s}:\n  enabled: true\n  replicaCount: {i + 3}\n{s}-blue:\n  config: {{mode: blue}}\n"
                      for i, s in enumerate(subcharts))
    files = chart("umbrella", 1, dependencies, values)
    files |= below("charts/common", {
        "Chart.yaml": chart_file("common", type="library"), "values.yaml": "{}\n",
        "templates/_common.tpl": "".join(f'{{{{- define "common.{i}" -}}}}\nkey{i}: {{{{ . | quote }}}}\n{{{{- end }}}}\n' for i in range(50))})
    for s in subcharts:
        own = chart(s)
        own["templates/extra.yaml"] = ('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ include "%s.fullname" . }}-extra\ndata:\n' % s
                                       + "".join(f'  {{{{- include "common.{i}" .Release.Name | nindent 2 }}}}\n' for i in range(20)))
        files |= below(f"charts/{s}", own)
    return files


def dashboard(i):
    panels = [{"id": n, "title": f"Panel {n} of {i}", "type": "timeseries", "datasource": {"type": "prometheus", "uid": "$datasource"},
               "gridPos": {"h": 8, "w": 12, "x": 12 * (n % 2), "y": 8 * (n // 2)},
               "targets": [{"expr": f'sum(rate(requests_total{{job="$job{k}", code=~"5.."}}[5m])) by (instance)', "refId": "ABC"[k],
                            "legendFormat": "{{instance}}"} for k in range(3)]} for n in range(8)]
    text = json.dumps({"title": f"Dashboard {i}", "uid": f"uid{i}", "panels": panels, "schemaVersion": 39}, indent=2)
    text = text.replace("{{instance}}", "{{`{{`}}instance{{`}}`}}")
    return '''{{- $context := . }}
{{- if and .Values.dashboards.enabled (semverCompare ">=1.14.0-0" .Capabilities.KubeVersion.Version) }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ printf "%s-%s" (include "stack.fullname" $) "dashboard-INDEX" | trunc 63 | trimSuffix "-" }}
  labels:
    {{- if $.Values.dashboards.label }}
    {{ $.Values.dashboards.label }}: {{ ternary $.Values.dashboards.labelValue "1" (not (empty $.Values.dashboards.labelValue)) | quote }}
    {{- end }}
    {{- include "stack.labels" $ | nindent 4 }}
data:
  dashboard-INDEX.json: |-
'''.replace("INDEX", str(i)) + "".join(f"    {line}\n" for line in text.splitlines()) + "{{- end }}\n"


def alerts(i):
    rules = ""
    for n in range(8):
        rules += '''
{{- if not (.Values.rules.disabled.AlertNUMBER | default false) }}
    - alert: AlertNUMBER
      annotations:
{{- with .Values.rules.annotations }}
{{ toYaml . | indent 8 }}
{{- end }}
        description: 'Instance {{`{{`}} $labels.instance {{`}}`}} of {{`{{`}} $labels.job {{`}}`}} has failed {{`{{`}} printf "%.2f" $value {{`}}`}} times.'
        runbook_url: {{ .Values.rules.runbookUrl }}/alertNUMBER
      expr: |-
        sum(rate(failures_total{job="job-NUMBER", {{ .Values.rules.selector }}}[5m])) by ({{ range $.Values.rules.by }}{{ . }}, {{ end }}instance)
          /
        sum(rate(requests_total{job="job-NUMBER"}[5m])) > 0.0NUMBER
      for: {{ dig "AlertNUMBER" "for" "15m" .Values.rules.custom }}
      labels:
        severity: {{ dig "AlertNUMBER" "severity" "warning" .Values.rules.custom }}
      {{- if or .Values.rules.labels .Values.rules.groupLabels }}
        {{- with .Values.rules.labels }}
          {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
{{- end }}'''.replace("NUMBER", str(10 * i + n))
    return '''{{- if and .Values.rules.create (not (has "groupINDEX" .Values.rules.without)) }}
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: {{ printf "%s-%s" (include "stack.fullname" .) "groupINDEX" | trunc 63 | trimSuffix "-" }}
  labels:
    app: {{ template "stack.name" . }}
{{ include "stack.labels" . | indent 4 }}
spec:
  groups:
  - name: groupINDEX
    rules:'''.replace("INDEX", str(i)) + rules + "\n{{- end }}\n"


def schema(depth, width):
    if depth == 0:
        return {"type": "string", "description": "What this field is for, in a sentence of some length that nobody reads."}
    return {"type": "object", "description": "Fields of a level.", "properties": {f"field{i}": schema(depth - 1, width) for i in range(width)}}


def crd(i):
    kind = f"Thing{i}"
    return "---\n" + json.dumps({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": f"thing{i}s.example.com"},
        "spec": {"group": "example.com", "scope": "Namespaced", "names": {"kind": kind, "plural": f"thing{i}s"},
                 "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema(3, 7)}}]}}, indent=1) + "\n"


def long_values(sections):
    """Values as such charts have them: more comments than settings."""
    text = ""
    for i in range(sections):
        text += f"\n## What component {i} does and what may be set of it\n## ref: https://example.com/docs/component{i}\n##\ncomponent{i}:\n"
        text += f"  enabled: {'true' if i % 3 else 'false'}\n\n  ## Labels that all of its objects get\n  ##\n  labels: {{}}\n"
        text += "  # - name: example\n  #   value: commented out\n" * 6
        text += f"  spec:\n    retention: {i}d\n    externalLabels:\n      cluster: one\n    paused: false\n    args:\n    - --flag={i}\n    - '--other'\n"
    return text


def stack():
    names = ["dashboards", "state-metrics", "node-exporter", "windows-exporter", "definitions"]
    values = VALUES + long_values(120) + '''
dashboards: {enabled: true, label: grafana_dashboard, labelValue: "1"}
rules:
  create: true
  without: []
  disabled: {Alert7: true}
  annotations: {team: platform}
  labels: {}
  groupLabels: {}
  runbookUrl: https://runbooks.example.com
  selector: 'namespace=~"prod-.*"'
  by: [namespace, job]
  custom: {Alert3: {for: 5m, severity: critical}}
'''
    for n in names:
        values += f"{n}:\n  podAnnotations: {{from: stack}}\n" if n != "dashboards" else ""
    dependencies = [{"name": n, "version": "1.*", "condition": f"{n}.enabled"} for n in names]
    files = chart("stack", 3, dependencies, values)
    files |= {f"templates/grafana/dashboard-{i}.yaml": dashboard(i) for i in range(25)}
    files |= {f"templates/rules/group-{i}.yaml": alerts(i) for i in range(35)}
    for n in names[:4]:
        files |= below(f"charts/{n}", chart(n, 3))
    files |= below("charts/definitions", {"Chart.yaml": chart_file("definitions"), "values.yaml": "{}\n"})
    return files | below("charts/definitions", {f"crds/crd-{i}.yaml": crd(i) for i in range(8)})


def objects(n):
    """A chart that makes `n` objects in a loop over a list."""
    return {"Chart.yaml": chart_file("grow"), "values.yaml": "items:\n" + "".join(f"- name: item{i}\n  port: {i % 60000}\n" for i in range(n)),
            "templates/_helpers.tpl": HELPERS.replace("NAME", "grow"), "templates/all.yaml": '''{{- range $i, $item := .Values.items }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "grow.fullname" $ }}-{{ $item.name }}
  labels: {{- include "grow.labels" $ | nindent 4 }}
  annotations:
    index: {{ $i | quote }}
    hash: {{ toJson $item | sha256sum | trunc 12 }}
spec:
  ports:
  - port: {{ add $item.port 1024 }}
  selector: {{- include "grow.selectorLabels" $ | nindent 4 }}
{{- end }}
'''}


APP = '''apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  labels: {app: NAME}
spec:
  replicas: 1
  selector:
    matchLabels: {app: NAME}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      serviceAccountName: NAME
      containers:
      - name: main
        image: registry.example.com/apps/NAME:1.0.0
        ports:
        - containerPort: 8080
        env:
        - name: MODE
          valueFrom:
            configMapKeyRef: {name: NAME, key: mode}
      - name: sidecar
        image: sidecar:2
---
apiVersion: v1
kind: Service
metadata:
  name: NAME
spec:
  selector: {app: NAME}
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: NAME
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: NAME
data:
  mode: fast
'''


def overlays():
    base = {f"base/app{i}.yaml": APP.replace("NAME", f"app{i}") for i in range(3)}
    base["base/settings.env"] = "LEVEL=info\nTIMEOUT=30\n"
    base["base/kustomization.yaml"] = '''resources: [app0.yaml, app1.yaml, app2.yaml]
labels:
- pairs: {team: shop}
  includeSelectors: true
configMapGenerator:
- name: settings
  envs: [settings.env]
secretGenerator:
- name: token
  literals: [token=not-a-real-one]
'''
    base["component/kustomization.yaml"] = '''apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/template/spec/securityContext
      value: {runAsNonRoot: true}
replacements:
- source: {kind: ConfigMap, name: app0, fieldPath: data.mode}
  targets:
  - select: {kind: Deployment}
    fieldPaths: ["spec.template.metadata.annotations.mode"]
    options: {create: true}
'''
    for name in ("staging", "production"):
        base[f"{name}/kustomization.yaml"] = f'''namespace: {name}
namePrefix: {name}-
resources: [../base]
components: [../component]
images:
- name: registry.example.com/apps/app1
  newTag: 2.0.0
replicas:
- name: app0
  count: 3
configMapGenerator:
- name: settings
  behavior: merge
  literals: [LEVEL=debug]
patches:
- path: patch.yaml
'''
        base[f"{name}/patch.yaml"] = '''apiVersion: apps/v1
kind: Deployment
metadata:
  name: app2
spec:
  template:
    spec:
      containers:
      - name: sidecar
        $patch: delete
      - name: main
        resources: {limits: {memory: 1Gi}}
'''
    return base


def many(n):
    """A kustomization of `n` resources, a quarter of each kind of APP."""
    files = {f"app{i}.yaml": APP.replace("NAME", f"app{i}") for i in range(n // 4)}
    files["kustomization.yaml"] = "namespace: big\nnamePrefix: p-\nresources:\n" + "".join(f"- app{i}.yaml\n" for i in range(n // 4)) + '''labels:
- pairs: {team: shop}
  includeSelectors: true
commonAnnotations: {owner: shop}
images:
- name: sidecar
  newTag: "3"
configMapGenerator:
- name: settings
  literals: [LEVEL=debug]
patches:
- target: {kind: Deployment}
  patch: |-
    - op: replace
      path: /spec/replicas
      value: 2
''' + "".join(f'''- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {{name: app{i}}}
    spec: {{template: {{spec: {{priorityClassName: high}}}}}}
''' for i in range(0, n // 4, 5))
    return files


def write(folder):
    """[(name, path)] of all inputs, which are written below `folder`."""
    trees = {"small": small(), "umbrella": umbrella(), "stack": stack(), "overlays": overlays(), "resources": many(600)}
    trees |= {f"grow-chart-{n}": objects(n) for n in (1000, 10000)} | {f"grow-kustomize-{n}": many(n) for n in (1000, 4000)}
    found = []
    for name, files in trees.items():
        for file, text in files.items():
            path = folder / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        inner = ("staging", "production") if name == "overlays" else ("",)
        found += [(f"{name}/{i}".rstrip("/"), folder / name / i) for i in inner]
    return found
