import { join } from 'node:path'
import type { ProcessSpec } from '../supervisor.ts'
import type { Site } from './site.ts'

export function apiServer({ folder, ports }: Site, command: string): ProcessSpec {
  const key = join(folder, 'sa.key')
  return {
    name: 'kube-apiserver', command, args: [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`, '--service-account-issuer=https://rollsync.test', `--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`,
      `--cert-dir=${join(folder, 'certs')}`, `--secure-port=${ports.api}`, '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none',
      `--token-auth-file=${join(folder, 'tokens.csv')}`, '--authorization-mode=RBAC', '--service-cluster-ip-range=10.96.0.0/16',
      `--audit-log-path=${join(folder, 'audit.log')}`, `--audit-policy-file=${join(folder, 'audit-policy.json')}`,
      // No one makes the service accounts that pods would need; there are no pods.
      '--disable-admission-plugins=ServiceAccount',
    ],
  }
}
