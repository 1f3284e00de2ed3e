import { parseArgs } from 'node:util'
import { buildCluster, clusterCache } from '../build.ts'
import { type ClusterVersions, defaultVersions } from '../programs.ts'
import { keepCluster } from './keep-cluster.ts'
import { endRunning, readRunning, runningFolder } from './running-cluster.ts'
import { seedFolder } from './seed-folder.ts'
import { startInBackground, startedText } from './start-in-background.ts'

const usage = `Usage: pnpm cluster <command> [options]

A Kubernetes API server, Argo Rollouts and Argo CD on this machine's loopback, built from Go modules; no containers, no pods.

Commands:
  build        build what is not in the cache yet (minutes the first time)
  start        build, start in the background, and print how to reach it
  seed FOLDER  deploy a folder: its Applications from a local Git copy, what no Application deploys by kubectl
  stop         end what start has started, and nothing else

Each has --help. Go, etcd and redis-server have to be installed; docs/lab.md says more.
`
const versionOptions = `  --rollouts-version <version>  the Argo Rollouts release (default: ${defaultVersions.rollouts})
  --argocd-version <version>    the Argo CD release (default: ${defaultVersions.argocd})
  --help                        print this help
`
const helps: Readonly<Record<string, string>> = {
  build: `Usage: pnpm cluster build [options]\n\nBuilds the programs of a cluster that are not in the cache yet: ROLLSYNC_CLUSTER_CACHE, else ~/.cache/rollsync/cluster.\n\n${versionOptions}`,
  start: `Usage: pnpm cluster start [options]\n\nStarts a cluster in the background and returns when it is ready. One runs at a time; it begins empty.\n\n${versionOptions}`,
  seed: 'Usage: pnpm cluster seed FOLDER\n\nCopies a folder into a local Git repository, creates its namespaces, and applies its Applications, pointed at that copy. What no Application\ndeploys is applied by kubectl. The folder is only read.\n\n  --help  print this help\n',
  stop: 'Usage: pnpm cluster stop\n\nEnds the cluster that start has started, also what is left of one that crashed, and removes its data.\n\n  --help  print this help\n',
}

/** `pnpm cluster …`; resolves to the exit code. Throws a ClusterError or GoError that says what to do. */
export async function clusterCommand(args: readonly string[], say: (text: string) => void, note: (text: string) => void): Promise<0 | 2> {
  const read = readArgs(args)
  if ('fault' in read) {
    note(`error: ${read.fault}\n\n${usage}`)
    return 2
  }
  const { command, operand, help, versions } = read
  if (help) {
    say(helps[command] ?? usage)
    return 0
  }
  const cache = clusterCache()
  const folder = runningFolder(cache)
  const line = (text: string): void => note(`${text}\n`)
  switch (command) {
    case 'build':
      for (const [name, path] of Object.entries(buildCluster(versions, cache, line).programs)) say(`${name.padEnd(22)} ${path}\n`)
      return 0
    case 'start':
      say(startedText(readRunning(folder) ?? await startInBackground(versions, cache, folder, line)))
      return 0
    case 'keep':
      await keepCluster(versions, cache, folder)
      return 0
    case 'seed':
      await seedFolder(operand, folder, (text) => say(`${text}\n`))
      return 0
    default:
      say(`${await endRunning(folder)}\n`)
      return 0
  }
}

type Read = { readonly fault: string } | { readonly command: string; readonly operand: string; readonly help: boolean; readonly versions: ClusterVersions }

function readArgs(args: readonly string[]): Read {
  try {
    const { values, positionals: [command = '', operand = '', ...more] } = parseArgs({ args: [...args], allowPositionals: true, options: { help: { type: 'boolean', short: 'h' }, 'rollouts-version': { type: 'string' }, 'argocd-version': { type: 'string' } } })
    const help = values.help === true
    if (!help && !(command in helps) && command !== 'keep') return { fault: command === '' ? 'no command' : `no command ${command}` }
    if (!help && (more.length > 0 || (operand !== '') !== (command === 'seed'))) return { fault: command === 'seed' ? 'seed needs one FOLDER' : `${command} takes no argument` }
    return { command, operand, help, versions: { ...defaultVersions, rollouts: tagOf(values['rollouts-version'] ?? defaultVersions.rollouts), argocd: tagOf(values['argocd-version'] ?? defaultVersions.argocd) } }
  } catch (error) {
    return { fault: (error as Error).message }
  }
}

function tagOf(version: string): string {
  return `v${version.replace(/^v/, '')}`
}
