import { join } from 'node:path'
import type { ProcessSpec } from '../supervisor.ts'
import type { Site } from './site.ts'

export function etcd({ folder, ports }: Site, command: string): ProcessSpec {
  const client = `http://127.0.0.1:${ports.etcd}`
  const peer = `http://127.0.0.1:${ports.etcdPeer}`
  return {
    name: 'etcd', command, args: [
      '--data-dir', join(folder, 'etcd'), '--listen-client-urls', client, '--advertise-client-urls', client,
      '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`,
    ],
  }
}

export async function isEtcdReady({ ports }: Site): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${ports.etcd}/health`)).ok
}
