// The story that `npm start` prints: the example's canary, from the apps.yaml that its team wrote to a rollback in one commit. It works on a copy.
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const example = fileURLToPath(new URL('.', import.meta.url))
const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollsync-story-')))
const repository = join(folder, 'manifests')
const identity = { GIT_AUTHOR_NAME: 'Dana', GIT_AUTHOR_EMAIL: 'dana@example.com', GIT_COMMITTER_NAME: 'Dana', GIT_COMMITTER_EMAIL: 'dana@example.com' }
// Nothing of git around it: in a hook GIT_DIR names somebody's repository, and the story would be committed there.
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') && name !== 'FORCE_COLOR'))
const env = { ...inherited, ...identity, NO_COLOR: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }

const say = (text) => process.stdout.write(text)
const git = (...args) => execFileSync('git', args, { cwd: repository, env, encoding: 'utf8' })

/** Prints a command, runs it in the copy, and prints what it prints; ends the story where it ends otherwise than the story goes. */
function run(wanted, ...args) {
  say(`\n$ rollsync ${args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg)).join(' ')}\n`)
  const printed = join(folder, 'printed')
  const both = openSync(printed, 'w') // results and progress in the order in which a terminal shows them
  const { status } = spawnSync(process.execPath, [bin, ...args], { cwd: repository, env, stdio: ['ignore', both, both] })
  closeSync(both)
  say(readFileSync(printed, 'utf8').replaceAll(`${folder}/`, ''))
  if (status === wanted) return
  throw new Error(`exit code ${status}, but the story needs ${wanted}`)
}

function prepare() {
  cpSync(example, repository, { recursive: true, filter: (path) => !/\.(mjs|ts|md)$/.test(path) })
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(folder, 'remote.git')], { env })
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', repository], { env })
  git('remote', 'add', 'origin', join(folder, 'remote.git'))
  commit('The canary as its team wrote it')
}

function commit(message) {
  git('add', '--all')
  git('commit', '--quiet', '--message', message)
  git('push', '--quiet', '--set-upstream', 'origin', 'main')
}

function release(from, to) {
  const file = join(repository, 'rollout.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(`:${from}`, `:${to}`))
  commit(`Release ${to}`)
}

try {
  prepare()
  say('# 1. What will the controller write, moment by moment?\n')
  run(0, 'simulate', '.')
  say('\n# 2. Is the Application safe? Not as its team wrote it.\n')
  run(1, 'check', '.')
  say('\n# 3. Ignore rules alone: Synced on the screen, and still not safe.\n')
  run(0, 'generate', '--write', '.')
  run(1, 'check', '.')
  say('\n# 4. With the managed route kept in Git.\n')
  run(0, 'generate', '--anchor', '--write', '.')
  run(0, 'check', '.')
  commit('Keep the canary Synced')
  say('\n# 5. Release 1.5.0 turns out bad, and Git names it. Back in one commit.\n')
  release('1.4.2', '1.5.0')
  run(0, 'revert', '--rollout', 'service-rollout', '--dry-run')
  run(0, 'revert', '--rollout', 'service-rollout', '--reason', '5xx rate')
  say(`\n$ git log --format=%s origin/main\n${git('log', '--format=%s', 'origin/main')}`)
} catch (error) {
  process.stderr.write(`the story stops: ${error.message}\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
