import { readFileSync, readlinkSync } from 'node:fs'
import { sep } from 'node:path'

/** Whether a process that was noted down as a cluster's still is: it works in the cluster's folder, or was started with its name. One that has got the number since does neither. Where the system does not tell (no /proc), no. */
export function isOwn(pid: number, folder: string): boolean {
  try {
    // A process that has ended and was not collected yet has no command line.
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    const place = readlinkSync(`/proc/${pid}/cwd`)
    return words !== '' && (words.includes(folder) || place === folder || place.startsWith(`${folder}${sep}`))
  } catch {
    return false
  }
}
