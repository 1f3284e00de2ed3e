import { connect } from 'node:net'
import { join } from 'node:path'
import type { ProcessSpec } from '../supervisor.ts'
import type { Site } from './site.ts'

export function redis({ folder, ports }: Site, command: string): ProcessSpec {
  return { name: 'redis', command, args: ['--port', String(ports.redis), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', join(folder, 'redis')] }
}

/** Whether something listens on a port. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
