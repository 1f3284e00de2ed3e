import { jqTo, placesOf, pointerTo } from './places.mjs'

const groupOf = object => (String(object.apiVersion).includes('/') ? String(object.apiVersion).split('/')[0] : '')

const groupGlobs = group => [group, '*', `${group.slice(0, 3)}*`, '', `*.${group.split('.').at(-1)}`, '?*', group.replace('.', '?'), '{apps,networking.k8s.io}', '[a-z]*', 'apps']
const kindGlobs = kind => [kind, '*', `${kind.slice(0, 3)}*`, kind.toLowerCase(), `?${kind.slice(1)}`, '*s', `{${kind},Other}`, `[${kind[0]}]*`, '']

const fixedPointers = ['/spec', '/metadata', '/status', '/spec/rules', '/metadata/annotations', '/metadata/labels', '/spec/replicas', '/spec/template', '/spec/template/spec/containers/0', '/spec/missing', '/missing/deep',
  '/spec/rules/5', '/spec/rules/-', '/spec/rules/-1', '/spec/rules/01', 'spec/rules', '', '/', '/kind', '/apiVersion', '/metadata/name', '/spec/rules/0/http/paths/0', '/spec/', '//', '/metadata/annotations/a~1b', '/metadata/annotations/a~2b',
  '/metadata/namespace', '/spec/ports/0', '/spec/selector', '/data', '/metadata/creationTimestamp', '/metadata/managedFields']
const fixedExpressions = ['.spec', '.spec.rules', '.metadata', '.spec.rules[]?.http.paths[]?|select(.backend.service.name=="canary-header-route-new")', '.spec.rules[].http.paths[]|select(.backend.service.name=="x")', '.status', '..|.weight?',
  '.spec.template.spec.containers[]?|select(.name=="app")', '.spec.template.spec.containers[].image', '.spec.template.spec.containers[]?.env[]?|select(.value|test("^v"))?', '.metadata.annotations|to_entries[]|select(.key|startswith("alb"))',
  '.metadata.annotations[]?|select(test("weight"))', '.metadata.annotations["a.b/c"]', '.spec.http[].route[].weight', '.spec.rules[0]', '.spec.rules[-1]', '.spec.rules[1:]', '.spec.rules[:1]', '.spec.missing', '.spec.missing[]', '.spec.missing[]?', '.spec.replicas, .spec.paused',
  'select(.kind=="Ingress")|.spec.rules', 'select(.metadata.labels["x"]=="y") | .spec', 'if .spec.replicas then .spec.replicas else empty end', '.spec as $s | .spec.replicas', 'first(.spec.rules[]?)', 'last(.spec.rules[]?)', 'limit(1; .spec.ports[]?)', 'path(..)', 'paths',
  'recurse|select(type=="number")?', '.data|keys', '.data|map_values(select(length>3))', '.spec|with_entries(.)', '.spec.ports[]?|select(.port==80)', '.spec.ports[]?|select(.name==null)', '.spec.selector["rollouts-pod-template-hash"]', '.spec.template.metadata.annotations?', '.kind', '.', 'empty',
  '.metadata.annotations.x?', '.a.b.c', '.spec[]?', '.spec[]', '.[]', '.spec|..|select(. == null)?', 'error("x")', '.spec.rules|length', 'getpath(["spec","rules",0])', '.spec|del(.rules)', '.spec.rules[]?|select(has("host"))|.host', '.spec.rules[]?|select(.host|not)', '.webhooks[]?.clientConfig.caBundle',
  '.spec.metrics[]?|select(.type=="Resource")', '.spec.template.spec.containers[]?.resources.limits.cpu', '.spec.rules[]?.backendRefs[]?.weight', '.spec.tls[]?|select(.secretName|endswith("tls"))']
const brokenExpressions = ['.spec.', '.spec. rules[', ')', '#', '.a;.b', 'nope', 'input', '$x', '.spec | select(', '"unterminated', '.[', 'import "a" as a; .', '@base32d(1', '.a as [$x', 'def f: .spec; f', '', ' ', '.spec #comment', '.a b']
const managers = ['rollouts-controller', 'argocd-controller', 'kube-controller-manager', 'kubectl-client-side-apply', 'hpa', '*', 'before-first-apply', '']

const expressionFor = (objects, random) => {
  if (random.once(25)) return random.pick(brokenExpressions)
  if (random.once(2)) return random.pick(fixedExpressions)
  const places = placesOf(random.pick(objects))
  if (places.length === 0) return '.spec'
  const { path, parent, key } = random.pick(places)
  const value = parent[key]
  const to = jqTo(path, random)
  if (typeof value === 'object' && value !== null) return random.pick([to, `${to}?`, `${to}|select(. != null)`, `${to}[]?`, `${to} | select(length > 1)`])
  const holder = jqTo(path.slice(0, -1), random)
  return random.pick([to, `${to}?`, `${holder}|select(.[${JSON.stringify(key)}]? == ${JSON.stringify(value)})`, `${to}|select(. == ${JSON.stringify(value)})`])
}

const pointerFor = (objects, random) => {
  if (random.once(3)) return random.pick(fixedPointers)
  const places = placesOf(random.pick(objects))
  return places.length === 0 ? '/spec' : pointerTo(random.pick(places).path)
}

const identity = (object, random) => ({
  ...(random.once(6) ? { name: random.pick([object.metadata?.name, 'other', '*']) } : {}),
  ...(random.once(6) ? { namespace: random.pick([object.metadata?.namespace, 'other', '*']) } : {}),
})

/** An entry of ignoreDifferences that has to do with these objects. */
export const ruleFor = (objects, random) => {
  const object = random.pick(objects)
  const group = groupOf(object)
  const kind = String(object.kind)
  return {
    group: random.once(3) ? random.pick(groupGlobs(group)) : group,
    kind: random.once(4) ? random.pick(kindGlobs(kind)) : kind,
    ...identity(object, random),
    ...(random.once(2) ? { jsonPointers: [pointerFor(objects, random), ...(random.once(2) ? [pointerFor(objects, random)] : [])] } : {}),
    ...(random.once(2) ? { jqPathExpressions: [expressionFor(objects, random), ...(random.once(2) ? [expressionFor(objects, random)] : [])] } : {}),
    ...(random.once(4) ? { managedFieldsManagers: [random.pick(managers)] } : {}),
  }
}

const content = rule => Object.fromEntries(Object.entries(rule).filter(([key]) => !['group', 'kind', 'name', 'namespace'].includes(key)))

/** The data of an argocd-cm that has to do with these objects. */
export const argocdCmFor = (objects, random) => {
  const data = {}
  for (let more = 1 + random.below(2); more > 0; more--) {
    const rule = ruleFor(objects, random)
    const key = random.pick([`${rule.group}_${rule.kind}`, `${rule.group}_${rule.kind}`, rule.kind, 'all', rule.group === '' ? rule.kind : `${rule.group}_${rule.kind}`]).replaceAll(/[^\w.-]/g, '')
    switch (random.below(9)) {
      case 0: data['resource.compareoptions'] = random.pick(['ignoreResourceStatusField: none\n', 'ignoreResourceStatusField: crd\n', 'ignoreResourceStatusField: all\n', 'ignoreAggregatedRoles: true\n', 'ignoreResourceStatusField: off\n', 'ignoreDifferencesOnResourceUpdates: false\n', 'ignoreAggregatedRoles: true\nignoreResourceStatusField: \'false\'\n']); break
      case 1: data['application.resourceTrackingMethod'] = random.pick(['label', 'annotation', 'annotation+label']); break
      case 2: data['application.instanceLabelKey'] = random.pick(['app.kubernetes.io/instance', 'argocd.argoproj.io/instance', 'app']); break
      case 3: data['resource.customizations'] = JSON.stringify({ [`${rule.group}/${rule.kind}`]: { ignoreDifferences: JSON.stringify(content(rule)), ...(random.once(3) ? { 'health.lua': 'return {}' } : {}) } }); break
      case 4: data['resource.customizations'] = JSON.stringify({ 'argoproj.io/Rollout': { knownTypeFields: [{ field: random.pick(['spec.template.spec', 'spec.template', 'spec']), type: random.pick(['core/v1/PodSpec', 'core/v1/PodTemplateSpec']) }] }, 'example.com/Widget': { knownTypeFields: [{ field: random.pick(['spec', 'spec.list', 'spec.a']), type: random.pick(['core/v1/PodSpec', 'core/Quantity']) }] } }); break
      case 5: data[`resource.customizations.knownTypeFields.${random.pick(['argoproj.io_Rollout', 'example.com_Widget'])}`] = JSON.stringify([{ field: random.pick(['spec.template.spec', 'spec']), type: 'core/v1/PodSpec' }]); break
      default: if (key !== '' && !key.startsWith('_')) data[`resource.customizations.ignoreDifferences.${key}`] = JSON.stringify(content(rule))
    }
  }
  return data
}
