import { type RouteAnswer, servicesOf } from '@rollsync/lbc'

/** Where an answer leads, in words: `a (20 %), b (80 %)`, `a redirect`, `a fixed response 503`. */
export function reachedText(answer: RouteAnswer): string {
  switch (answer.reaches) {
    case 'target-groups': return servicesOf(answer).map(({ name, share }) => (share === 1 ? name : `${name} (${Math.round(share * 10_000) / 100} %)`)).join(', ')
    case 'fixed-response': return `a fixed response ${answer.statusCode}`
    case 'redirect': return `a redirect to ${answer.location}`
    case 'nothing': return 'nothing'
    case 'unverified': return 'a place that is not known'
    default: return answer satisfies never
  }
}
