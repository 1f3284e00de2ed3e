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
    const written = new Set(repository.manifests.filter((one) => isRollout(one.value)).flatMap((one) => {
      const alb = albSettings(one.value)
      return alb === undefined ? [] : [alb.rootAction.slice(alb.prefix.length + '/actions.'.length), ...alb.managedRoutes]
    }))
    for (const manifest of repository.manifests.filter((one) => one.value.kind === 'Ingress')) {
      const annotations = Object.keys(manifest.value.metadata.annotations ?? {})
      for (const path of pathsOfIngress(manifest.value)) {
        const port = valueAt(path.value, '/backend/service/port/name') ?? valueAt(path.value, '/backend/servicePort')
        if (port !== 'use-annotation' || written.has(path.service) || annotations.some((key) => key.endsWith(`/actions.${path.service}`))) continue
        report('missing', { manifest, pointer: toPointer(['spec', 'rules', path.rule, 'http', 'paths', path.index, 'backend']) }, { service: path.service })
      }
    }
  },
})

export default rule
