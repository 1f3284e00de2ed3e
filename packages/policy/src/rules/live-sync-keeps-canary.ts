import { refText } from '@rollsync/manifests'
import { defineRule, type Rule } from '../rule.ts'
import { applicationSpot } from '../spots.ts'

const rule: Rule = defineRule({
  meta: {
    id: 'live-sync-keeps-canary',
    severity: 'error',
    recommended: true,
    needs: 'live',
    summary: 'The next sync keeps what the Rollouts controller has written into the cluster, and lands what Git holds',
    messages: {
      harm: '{what}, if it came now{moment} (Argo CD {argocd}{options})',
      armed: '{object}: {what}',
    },
    hint: 'wait until no canary runs, or keep the managed route in Git: `rollsync generate --anchor --write`',
    threads: ['argoproj/argo-rollouts#4486', 'argoproj/argo-cd#17694'],
  },
  check({ live, report }) {
    for (const { harms, traps, application, canaries, moment, resource } of live.objects) {
      const options = application.spec.syncOptions
      // What the next reconcile of the controller writes again is no loss for a person who asks whether to merge now.
      for (const harm of harms.filter((one) => one.restored === undefined && !(one.verdict === 'reverts' && templates.has(resource.kind)))) {
        report('harm', applicationSpot(application), {
          what: harm.what, moment: moment === '' ? '' : ` (${moment})`, argocd: canaries[0]?.argocd ?? '', options: options.length === 0 ? '' : `, ${options.join(', ')}`,
        })
      }
      for (const trap of traps) report('armed', applicationSpot(application), { object: refText(resource), what: trap.what }, trap.wayOut)
    }
  },
})

export default rule

/** What these have in the cluster and Git has not is an undo or an edit: live-compares-synced tells of it, and a route cannot be lost in them. */
const templates = new Set(['Rollout', 'Deployment', 'ReplicaSet', 'PodTemplate'])
