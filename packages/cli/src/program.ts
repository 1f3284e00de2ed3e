import { Command, Option } from 'commander'
import type { ExitCode } from './exit.ts'
import { targets } from './generate/targets.ts'
import type { Io } from './io.ts'
import { packageVersion } from './package-version.ts'

type Done = (exit: ExitCode) => void

/** For the help of those commands that write to Git. */
const tokens = `The token for Git comes from ROLLSYNC_TOKEN, from a GitHub App (ROLLSYNC_GITHUB_APP_ID and
ROLLSYNC_GITHUB_APP_PRIVATE_KEY_FILE or ROLLSYNC_GITHUB_APP_PRIVATE_KEY), or from what the CI provides.`

/** The command line. Each command loads its code only when it is called, so that `--help` starts fast. */
export function program(io: Io, done: Done): Command {
  const root = new Command('rollsync')
    .description('Argo Rollouts and Argo CD without the fight: a canary that stays Synced, a sync that keeps it, a rollback that is one commit.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `
Exit codes:
  0  clean or done    1  findings, drift, or a file that would change    2  usage, unreadable input, environment

Example:
  $ rollsync check .                       is this repository safe for its canaries?
  $ rollsync generate --anchor --write .   write the ignore rules, and the managed route that Git must hold`)
    .showHelpAfterError('(rollsync --help shows the commands)')
    .exitOverride()
    // As wide as src/help.txt, whatever the terminal.
    .configureOutput({ writeOut: io.out, writeErr: io.err, getOutHelpWidth: () => 80, getErrHelpWidth: () => 80 })
  addSimulate(root, io, done)
  addRoute(root, io, done)
  addStory(root, io, done)
  addLab(root, io, done)
  addCheck(root, io, done)
  addGenerate(root, io, done)
  addExplain(root, io, done)
  addRevert(root, io, done)
  addGate(root, io, done)
  addInit(root, io, done)
  return root
}

function addSimulate(root: Command, io: Io, done: Done): void {
  command(root, 'simulate', 'show what the Rollouts controller will write, moment by moment, before anything runs')
    .argument('[path...]', 'folders or files with the Rollout, its Services and Ingress; - is standard input (default: .)')
    .option('--rollout <name>', 'the Rollout to simulate, NAME or NAMESPACE/NAME (default: every one found)')
    .option('--image <image>', 'the new image (default: a made-up next one)')
    .option('--events <file>', 'a script of events instead of the happy path: a JSON list, as docs/simulate.md describes')
    .addOption(new Option('--day <name>', 'a day by its name, from the moment before it goes wrong').choices(['goes-well', 'aborted', 'undone', 'synced', 'crashed']))
    .option('--explore', 'every state that can be reached, each with the shortest story to it')
    .addOption(new Option('--pods <how>', 'how the new pods behave').choices(['ready', 'slow', 'stuck', 'crash']).default('ready'))
    .option('--at <moment>', 'only this moment: its number in the table')
    .option('--diff', 'the drift of each moment from Git, as a unified diff')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json', 'yaml', 'markdown', 'svg']).default('table'))
    .option('-o, --output <dir>', 'write the live objects of each moment as one file per moment')
    .option('--rollouts-version <version>', 'the Argo Rollouts release to model (default: the newest recorded)')
    .option('--argocd-version <version>', 'the Argo CD release that syncs on a day, and that svg shows the answers of (default: the newest recorded)')
    .addHelpText('after', '\nExample:\n  $ rollsync simulate . --diff\n  $ rollsync simulate . --pods crash --at 4 --format yaml\n  $ rollsync simulate . --day aborted --format svg > aborted.svg')
    .action(async (paths: string[], options: import('./commands/simulate.ts').SimulateOptions) => {
      done(await (await import('./commands/simulate.ts')).simulateCommand(paths, options, io))
    })
}

function addStory(root: Command, io: Io, done: Done): void {
  command(root, 'story', 'tell a day of Argo Rollouts, Argo CD and Git together: who wrote what, and who loses')
    .argument('[path...]', 'folders or files with the Application, the Rollout and its objects (default: .)')
    .option('--rollout <name>', 'the Rollout of the story, NAME or NAMESPACE/NAME (default: the first)')
    .option('--events <file>', 'the day as a JSON list of commits and events, as docs/story.md describes (default: a release, two commits, an undo, the image back in Git)')
    .option('--image <image>', 'the image of the release (default: a made-up next one)')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .option('--argocd-version <version>', 'the Argo CD release to model (default: the newest recorded)')
    .option('--rollouts-version <version>', 'the Argo Rollouts release to model (default: the newest recorded)')
    .addHelpText('after', '\nThe exit code is 1 where two controllers fight, and where one fails at something for ever.\n\nExample:\n  $ rollsync story .\n  $ rollsync story . --events day.json --argocd-version 3.4.4')
    .action(async (paths: string[], options: import('./commands/story.ts').StoryOptions) => {
      done(await (await import('./commands/story.ts')).storyCommand(paths, options, io))
    })
}

function addLab(root: Command, io: Io, done: Done): void {
  command(root, 'lab', 'live that day on a cluster of your own: API server, Argo Rollouts and Argo CD on this machine, beside the prediction')
    .argument('[path]', 'the folder with the Application, the Rollout and its objects; it is only read', '.')
    .option('--rollout <name>', 'the Rollout to watch, NAME or NAMESPACE/NAME (default: the first)')
    .option('--events <file>', 'the day as a JSON list of commits and events, as docs/story.md describes (default: a release, two commits, an undo, the image back in Git)')
    .option('--image <image>', 'the image of the release (default: a made-up next one)')
    .option('--argocd-version <version>', 'the Argo CD release to build and run (default: 3.2.6)')
    .option('--rollouts-version <version>', 'the Argo Rollouts release to build and run (default: 1.10.2)')
    .addHelpText('after', `
It works from a checkout of rollsync, with Go, etcd and redis-server: docs/lab.md. Nothing runs any pods, and nothing outside of this machine is touched.
The exit code is 0 where everything was as predicted, 1 where something was not.

Example:
  $ rollsync lab .
  $ rollsync lab clusters/qa --rollout shop/web --events day.json`)
    .action(async (path: string, options: import('./commands/lab.ts').LabOptions) => {
      done(await (await import('./commands/lab.ts')).labCommand(path, options, io))
    })
}

function addRoute(root: Command, io: Io, done: Done): void {
  command(root, 'route', 'show which Services a request reaches through the AWS load balancer, moment by moment, and which rule decides')
    .argument('[path...]', 'folders or files with the Rollout, its Services and Ingresses; - is standard input (default: .)')
    .requiredOption('--host <host>', 'the host that the request asks for')
    .option('--path <path>', 'its path', '/')
    .option('--header <name: value>', 'a header of it; repeatable', collect)
    .option('--query <name=value>', 'a query parameter of it; repeatable', collect)
    .option('--method <method>', 'its method (default: GET)')
    .option('--rollout <name>', 'the Rollout to simulate, NAME or NAMESPACE/NAME (default: every one found)')
    .option('--image <image>', 'the new image (default: a made-up next one)')
    .option('--at <moment>', 'only this moment: its number in the table')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--rollouts-version <version>', 'the Argo Rollouts release to model (default: the newest recorded)')
    .option('--lbc-version <version>', 'the AWS Load Balancer Controller release to model (default: the newest recorded)')
    .addHelpText('after', "\nExample:\n  $ rollsync route . --host qa-domain.com --path / --header 'version: 2'")
    .action(async (paths: string[], options: import('./commands/route.ts').RouteOptions) => {
      done(await (await import('./commands/route.ts')).routeCommand(paths, options, io))
    })
}

function addCheck(root: Command, io: Io, done: Done): void {
  command(root, 'check', 'find what would make a canary OutOfSync, undo it, or break it: which rule, at which line')
    .argument('[path...]', 'the GitOps repository: folders or files; - is standard input (default: .)')
    .option('--argocd-version <version>', 'the Argo CD release to judge by (default: the newest recorded)')
    .option('--rollouts-version <version>', 'the Argo Rollouts release to judge by (default: the newest recorded)')
    .option('--lbc-version <version>', 'the AWS Load Balancer Controller release to judge by (default: the newest recorded)')
    .option('--config <file>', 'the configuration (default: the nearest rollsync.config.yaml, .json, .js or .ts)')
    .addOption(new Option('-f, --format <name[=file]>', 'stylish, json, sarif, junit, github, gitlab, markdown, tap or html; repeatable, each to a file if one is given').argParser(collect).default([], 'stylish'))
    .addOption(new Option('--fail-on <severity>', 'the least severity that makes the exit code 1 (default: error)').choices(['error', 'warning', 'never']))
    .option('--live <file...>', "a cluster's objects, from kubectl get -o json: judge its present state too; - is standard input")
    .option('--changed-since <ref>', 'only what a change since this commit touches, and what depends on it')
    .option('--cache', 'keep the answer, and give it again where no byte has changed')
    .option('--cache-location <dir>', 'where answers are kept, with --cache (default: node_modules/.cache/rollsync)')
    .option('--fix', 'make the mends that are certain, touching no other byte, and check again')
    .addHelpText('after', '\nExample:\n  $ rollsync check .\n  $ rollsync check clusters/prod --argocd-version 3.4.4 --format sarif=rollsync.sarif --format github\n  $ kubectl get -A -o json rollouts,ingresses,services,applications.argoproj.io --show-managed-fields | rollsync check . --live -')
    .action(async (paths: string[], options: import('./commands/check.ts').CheckOptions) => {
      done(await (await import('./commands/check.ts')).checkCommand(paths, options, io))
    })
}

function addGenerate(root: Command, io: Io, done: Done): void {
  command(root, 'generate', 'write the ignoreDifferences and sync options that a canary needs, and with --anchor the managed route that Git must hold')
    .argument('[path...]', 'folders or files with the Application, the Rollout and its objects (default: .)')
    .addOption(new Option('--write', 'change the files, touching no other byte').conflicts('check'))
    .option('--check', 'exit 1 when a file would change, and show how')
    .option('--anchor', 'also keep the managed route in Git, so that a sync cannot lose it')
    .option('--no-anchor', 'take the managed route out of Git again')
    .addOption(new Option('--target <target>', 'where the rules are to stand: written into the Application or ApplicationSet, else printed').choices(targets).default('application'))
    .option('--argocd-version <version>', 'the Argo CD release to prove against (default: the newest recorded)')
    .option('--rollouts-version <version>', 'the Argo Rollouts release to model (default: the newest recorded)')
    .option('--explain', 'say for each rule why it is there and at which moments it is needed')
    .addHelpText('after', '\nWithout --write or --check it prints the diff and changes nothing.\n\nExample:\n  $ rollsync generate --anchor --write .\n  $ rollsync generate --target snippet .')
    .action(async (paths: string[], options: import('./commands/generate.ts').GenerateOptions) => {
      done(await (await import('./commands/generate.ts')).generateCommand(paths, options, io))
    })
}

function addExplain(root: Command, io: Io, done: Done): void {
  command(root, 'explain', 'say of each difference between Git and the cluster who made it: which Rollout at which step, which controller, somebody by hand, or nobody known')
    .argument('[path...]', 'the repository with the Rollout, where it is not among the objects of --target')
    .requiredOption('--target <file>', "Git's objects as they are rendered: YAML or JSON; - is standard input")
    .requiredOption('--live <file>', 'the live objects, from kubectl get -o json --show-managed-fields; - is standard input')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--rollouts-version <version>', 'the Argo Rollouts release to model (default: the newest recorded)')
    .addHelpText('after', '\nThe exit code is 1 where a difference is made by hand or unexplained, and where a sync would delete what a controller wrote.\n\nExample:\n  $ kubectl get ingress web -o json --show-managed-fields | rollsync explain . --target ingress.yaml --live -')
    .action(async (paths: string[], options: import('./commands/explain.ts').ExplainOptions) => {
      done(await (await import('./commands/explain.ts')).explainCommand(paths, options, io))
    })
}

function addRevert(root: Command, io: Io, done: Done): void {
  command(root, 'revert', 'put the previous image back in Git: one commit, one line')
    .option('--repo <dir-or-url>', 'the manifest repository: a clone, a bare repository, or an http(s) URL (default: .)')
    .option('--branch <branch>', 'the branch to commit to (default: the one that is checked out, or the remote HEAD)')
    .option('--path <glob>', 'look for the image only here; repeatable', collect)
    .option('--rollout <name>', 'the Rollout that is rolled back, NAME or NAMESPACE/NAME')
    .option('--image <name>', 'the image by its name without tag, where no Rollout is named or it has several')
    .option('--from <image>', 'the bad image (default: the one that Git names)')
    .option('--to <image>', 'the image to restore: a reference, "previous" (from Git history) or "stable" (from --live)', 'previous')
    .option('--live <file>', 'the live Rollout and its ReplicaSets, from kubectl get -o json; - is standard input')
    .option('--site <id>', 'which place to change where there are several; repeatable', collect)
    .option('--dry-run', 'show the plan and change nothing')
    .option('--no-push', 'commit on the local branch and stop there')
    .option('--reason <text>', 'why, for the commit message')
    .option('--requested-by <who>', 'who asked for it, for the commit message')
    .option('--sign-off', 'add Signed-off-by')
    .option('--hold', 'let the same commit also stop the image updaters that Git can stop')
    .option('--pr', 'open a pull or merge request instead of committing to the branch')
    .option('--label <label>', 'a label of that request; repeatable', collect)
    .addOption(new Option('--forge <kind>', 'which software runs on the remote, where its name does not say').choices(['github', 'gitlab', 'gitea']))
    .addOption(new Option('--back-end <kind>', 'no git at all, the installed one (ssh, credential helpers), or the forge\'s API, which signs (default: by the URL)').choices(['built-in', 'git', 'forge']))
    .option('--watch <duration>', 'then watch the branch so long (90s, 10m), and exit 1 when the bad image comes back')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', `
${tokens}

Example:
  $ rollsync revert --rollout service-rollout --dry-run
  $ kubectl get rollout,replicaset -o json | rollsync revert --rollout shop/web --to stable --live -`)
    .action(async (options: import('./commands/revert.ts').RevertOptions) => {
      done(await (await import('./commands/revert.ts')).revertCommand(options, io))
    })
}

function addGate(root: Command, io: Io, done: Done): void {
  command(root, 'gate', 'wait for the decision on a release: promote it, or abort it and put the previous image back in Git')
    .requiredOption('--rollout <name>', 'the Rollout, NAMESPACE/NAME')
    .option('--image <image>', 'wait for the release of this image (default: the one that is under way, or the next)')
    .option('--deadline <duration>', 'how long to wait for a decision, from the first start on', '30m')
    .addOption(new Option('--on-deadline <action>', 'what to do then').choices(['revert', 'abort', 'promote', 'nothing']).default('revert'))
    .option('--decision <file>', 'a file in which someone will write promote or rollback')
    .option('--state <file>', 'where the decision is kept, so that a killed job goes on (default: named after the build, in a CI that has a number for it)')
    .option('--application <name>', 'the Argo CD Application that must be Synced and Healthy after a roll back, NAMESPACE/NAME')
    .addOption(new Option('--promote <how>', 'one step, past its pause, or all of them').choices(['step', 'full']).default('step'))
    .option('--settle <duration>', 'how long it may take to carry out the decision', '10m')
    .option('--poll <duration>', 'how long to wait between two looks', '5s')
    .option('--kubectl <path>', 'the kubectl to run', 'kubectl')
    .option('--context <name>', 'the context of kubectl (default: the current one)')
    .option('--argocd-context <name>', 'the context for the Application (default: the same)')
    .option('--repo <dir-or-url>', 'the manifest repository: a clone, a bare repository, or a URL (default: .)')
    .option('--branch <branch>', 'the branch to commit to (default: the one that is checked out, or the remote HEAD)')
    .option('--path <glob>', 'look for the image only here; repeatable', collect)
    .option('--site <id>', 'which place to change where there are several; repeatable', collect)
    .option('--reason <text>', 'why, for the commit message (default: who decided)')
    .option('--requested-by <who>', 'who asked for it, for the commit message')
    .option('--sign-off', 'add Signed-off-by')
    .option('--hold', 'in the same commit, stop the updaters that would write the bad image again')
    .addOption(new Option('--forge <kind>', 'which software runs on the remote, where its name does not say').choices(['github', 'gitlab', 'gitea']))
    .addOption(new Option('--back-end <kind>', 'no git at all, the installed one (ssh, credential helpers), or the forge\'s API, which signs (default: by the URL)').choices(['built-in', 'git', 'forge']))
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', `
A decision is an abort, an undo or a full promotion of the Rollout, the decision file, SIGUSR1 (promote) or SIGUSR2
(roll back), or the deadline; the first one counts.

${tokens}

Exit codes:
  0  promoted    1  rolled back, or aborted    2  it cannot go on    3  decided, not carried out in time    4  left alone

Example:
  $ rollsync gate --rollout shop/web --application argocd/web --repo https://git.example.com/org/manifests.git --decision decision.txt`)
    .action(async (options: import('./commands/gate.ts').GateCommandOptions) => {
      done(await (await import('./commands/gate.ts')).gateCommand(options, io))
    })
}

function addInit(root: Command, io: Io, done: Done): void {
  command(root, 'init', 'write a rollsync.config.yaml in which everything is explained')
    .addHelpText('after', '\nExample:\n  $ rollsync init')
    .action(async () => {
      done(await (await import('./commands/init.ts')).initCommand(io))
    })
}

function command(root: Command, name: string, description: string): Command {
  return root.command(name).description(description).helpOption('-h, --help', 'print this help').showHelpAfterError(`(rollsync ${name} --help shows the options and an example)`)
}

/** A repeatable option, absent where it is not given. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
