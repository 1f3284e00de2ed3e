/**
 * A rule of a team: whoever is called at night must be found in the Rollout.
 * @type {import('@rollsync/policy').Rule}
 */
export default {
  meta: {
    id: 'team/owned',
    severity: 'error',
    recommended: true,
    summary: 'Every Rollout names the team that owns it',
    messages: { missing: 'Rollout {name} names no owner', unknown: 'there is no team {owner}' },
    hint: 'add the label example.com/owner with one of: payments, search',
    threads: [],
  },
  check({ repository, report }) {
    for (const manifest of repository.manifests) {
      if (manifest.ref.kind !== 'Rollout') continue
      const owner = manifest.value.metadata.labels?.['example.com/owner']
      if (owner === undefined) report('missing', { manifest, pointer: '/metadata/name' }, { name: manifest.ref.name })
      else if (!['payments', 'search'].includes(owner)) report('unknown', { manifest, pointer: '/metadata/labels/example.com~1owner' }, { owner })
    }
  },
}
