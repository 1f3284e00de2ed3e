import { albSettings, pathsOfIngress } from '@rollsync/ignore'
import { toPointer, valueAt } from '@rollsync/manifests'
import { isRollout } from '../discover/repository.ts'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'use-annotation-without-action',
    severity: 'error',
    recommended: true,
    summary: 'Every use-annotation backend has an action, or a Rollout that writes it',
    messages: {
      missing: 'nothing defines action {service}: the load balancer answers 503 for this path',
    },
    hint: 'add the annotation actions.{service}, or name this Service as rootService of the Rollout',
    threads: ['argoproj/argo-rollouts#2829'],
  },
  check({ repository, report }) {
    // As they are deployed where that is known: a chart's Rollout can be read only when it is rendered.
    const rendered = repository.applications.flatMap((application) => application.objects)
    const known = new Set(rendered.map((one) => one.manifest))
    const all = [...rendered, ...repository.manifests.filter((one) => !known.has(one)).map((manifest) => ({ object: manifest.value, manifest }))]
    const written = new Set(all.filter((one) => isRollout(one.object)).flatMap((one) => {
      const alb = albSettings(one.object)
      return alb === undefined ? [] : [alb.rootAction.slice(alb.prefix.length + '/actions.'.length), ...alb.managedRoutes]
    }))
    for (const { object, manifest } of all.filter((one) => one.object.kind === 'Ingress')) {
      const annotations = Object.keys(object.metadata.annotations ?? {})
      for (const path of pathsOfIngress(object)) {
        const port = valueAt(path.value, '/backend/service/port/name') ?? valueAt(path.value, '/backend/servicePort')
        if (port !== 'use-annotation' || written.has(path.service) || annotations.some((key) => key.endsWith(`/actions.${path.service}`))) continue
        report('missing', { manifest, pointer: toPointer(['spec', 'rules', path.rule, 'http', 'paths', path.index, 'backend']) }, { service: path.service })
      }
    }
  },
})

export default rule
