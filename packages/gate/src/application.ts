import { type KubeObject, valueAt } from '@rollsync/manifests'

/** What an Argo CD Application says of itself. `revisions`: the commits that it compared with, one per source. */
export interface ApplicationStatus {
  readonly sync: string
  readonly health: string
  readonly revisions: readonly string[]
  readonly message: string
}

/** Reads a live Application; what is missing counts as Unknown. */
export function readApplication(application: KubeObject): ApplicationStatus {
  const text = (pointer: `/${string}`, otherwise: string): string => {
    const found = valueAt(application, pointer)
    return typeof found === 'string' && found !== '' ? found : otherwise
  }
  const several = valueAt(application, '/status/sync/revisions')
  const single = text('/status/sync/revision', '')
  const conditions = valueAt(application, '/status/conditions')
  const messages = Array.isArray(conditions) ? conditions.flatMap((one: unknown) => (typeof valueAt(one, '/message') === 'string' ? [String(valueAt(one, '/message'))] : [])) : []
  return {
    sync: text('/status/sync/status', 'Unknown'),
    health: text('/status/health/status', 'Unknown'),
    revisions: [...(single === '' ? [] : [single]), ...(Array.isArray(several) ? several.filter((one): one is string => typeof one === 'string' && one !== '') : [])],
    message: messages[0] ?? '',
  }
}
