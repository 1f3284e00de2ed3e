import type { ArmedTrap, Attribution, ExplainedObject } from '@rollsync/ignore'
import { refText } from '@rollsync/manifests'

export interface Explained extends ExplainedObject {
  readonly traps: readonly ArmedTrap[]
}

const signs = { add: '+', remove: '-', replace: '~' } as const

/** Each object with its differences, one a line: what changed, where, who, and how that is known. */
export function explainText(objects: readonly Explained[]): string {
  return objects.map(({ resource, differences, traps }) => {
    const width = Math.max(0, ...differences.map((one) => one.pointer.length))
    const lines = differences.map((one) => `  ${signs[one.change]} ${one.pointer.padEnd(width)}  ${wordOf(one)}: ${one.who} (${one.why})`)
    const armed = traps.flatMap((trap) => [`  ! ${trap.what}`, `    way out: ${trap.wayOut}`])
    return [`${refText(resource)}${differences.length === 0 ? ': no difference' : ''}`, ...lines, ...armed].join('\n')
  }).join('\n\n') + '\n'
}

function wordOf({ by }: Attribution): string {
  switch (by) {
    case 'rollouts': return 'Rollouts'
    case 'controller': return 'controller'
    case 'argocd': return 'Argo CD'
    case 'api-server': return 'default'
    case 'hand': return 'BY HAND'
    case 'unexplained': return 'UNEXPLAINED'
    default: return by satisfies never
  }
}
