import { isMap, valueAt } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'fixed-image',
    severity: 'warning',
    recommended: true,
    summary: 'The image of a Rollout is fixed by a tag of its own or a digest',
    messages: {
      mutable: '{image} may mean another image tomorrow: a rollback to it may restore nothing',
    },
    hint: 'name a version or a digest',
    threads: ['argoproj/argo-rollouts#3721'],
  },
  check({ canaries, report }) {
    for (const { scope: { rollout: { object, manifest } } } of canaries) {
      const containers = valueAt(object, '/spec/template/spec/containers')
      for (const [index, container] of (Array.isArray(containers) ? containers : []).entries()) {
        const image: unknown = isMap(container) ? container['image'] : undefined
        if (typeof image !== 'string' || image === '' || image.includes('@') || /:(?!latest$|stable$|main$|master$)[^/]+$/.test(image)) continue
        report('mutable', { manifest, pointer: `/spec/template/spec/containers/${index}/image` }, { image })
      }
    }
  },
})

export default rule
