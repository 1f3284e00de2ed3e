import { join } from 'node:path'
import type { ProcessSpec } from '../supervisor.ts'
import type { Site } from './site.ts'

export const argocdNamespace = 'argocd'

/** So many seconds between two attempts of self-heal where a version has no back-off. */
export const selfHealTimeoutSeconds = 5

function environment({ folder, kubeconfig }: Site): Readonly<Record<string, string>> {
  return {
    ARGOCD_FAKE_IN_CLUSTER: 'true', ARGOCD_GPG_ENABLED: 'false', ARGOCD_TLS_DATA_PATH: join(folder, 'tls'), ARGOCD_SSH_DATA_PATH: join(folder, 'ssh'), ARGOCD_GNUPGHOME: join(folder, 'gnupg'),
    KUBECONFIG: kubeconfig, HOME: folder, ARGOCD_EXEC_TIMEOUT: '60s',
    // Debug logs say what each comparison found.
    TMPDIR: folder,
  }
}

export function repoServer(site: Site, command: string): ProcessSpec {
  const { ports } = site
  return {
    name: 'argocd-repo-server', argv0: 'argocd-repo-server', command, env: environment(site), args: [
      '--redis', `127.0.0.1:${ports.redis}`, '--disable-tls', '--address', '127.0.0.1', '--port', String(ports.repo), '--metrics-port', String(ports.repoMetrics), '--metrics-address', '127.0.0.1',
      // What a branch points to is asked anew each time, not remembered for minutes.
      '--revision-cache-expiration', '1s', '--loglevel', 'warn',
    ],
  }
}

export function applicationController(site: Site, command: string): ProcessSpec {
  const { ports, kubeconfig } = site
  return {
    name: 'argocd-application-controller', argv0: 'argocd-application-controller', command, env: environment(site), args: [
      '--namespace', argocdNamespace, '--repo-server', `127.0.0.1:${ports.repo}`, '--repo-server-plaintext', '--redis', `127.0.0.1:${ports.redis}`, '--kubeconfig', kubeconfig,
      '--metrics-port', String(ports.argocdMetrics), '--app-resync', '3600', '--self-heal-timeout-seconds', String(selfHealTimeoutSeconds),
    ],
  }
}
