import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from '../free-ports.ts'

/** The data folder of one cluster, its ports and its secrets: what the processes are told. */
export interface Site {
  readonly folder: string
  readonly token: string
  readonly kubeconfig: string
  readonly caFile: string
  readonly ports: Readonly<Record<PortName, number>>
}

const portNames = ['etcd', 'etcdPeer', 'api', 'redis', 'repo', 'repoMetrics', 'argocdMetrics', 'rolloutsHealth', 'rolloutsMetrics'] as const
export type PortName = (typeof portNames)[number]

/** Prepares an empty data folder: keys, the token of the one user, a kubeconfig. */
export async function prepareSite(folder: string): Promise<Site> {
  for (const name of ['certs', 'gnupg', 'tls', 'ssh', 'redis']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
  const free = await freePorts(portNames.length)
  const ports = Object.fromEntries(portNames.map((name, index) => [name, free[index] ?? 0])) as Record<PortName, number>
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
  const token = randomBytes(16).toString('hex')
  const caFile = join(folder, 'certs', 'apiserver.crt')
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(join(folder, 'sa.key'), privateKey, { mode: 0o600 })
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 })
  writeFileSync(join(folder, 'audit-policy.json'), JSON.stringify(auditPolicy))
  writeFileSync(kubeconfig, kubeconfigText(ports.api, caFile, token), { mode: 0o600 })
  return { folder, token, kubeconfig, caFile, ports }
}

/** Who wrote which version of an object: field managers do not tell it where a write only takes something away. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], omitManagedFields: true,
  rules: [
    {
      level: 'RequestResponse', verbs: ['create', 'update', 'patch', 'delete'],
      resources: [{ group: 'networking.k8s.io', resources: ['ingresses'] }, { group: '', resources: ['services'] }, { group: 'argoproj.io', resources: ['rollouts', 'rollouts/status'] }],
    },
    { level: 'None' },
  ],
}

function kubeconfigText(port: number, caFile: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'rollsync',
    clusters: [{ name: 'rollsync', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': caFile } }],
    users: [{ name: 'admin', user: { token } }], contexts: [{ name: 'rollsync', context: { cluster: 'rollsync', user: 'admin' } }],
  })
}
