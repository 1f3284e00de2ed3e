import { albSettings, requestText } from '@rollsync/ignore'
import { type AlbRequest, lbcProfile, type LbcProfile, lbcVersions } from '@rollsync/lbc'
import { refOf, refText } from '@rollsync/manifests'
import { type CanaryScope, chooseVersions, discover, routedAround, simulatedWorld } from '@rollsync/policy'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { readRepository } from '../read-repository.ts'
import { refuseBroken } from '../refuse-broken.ts'
import { type ReachedRow, reachedRows } from '../route/reached-row.ts'
import { readRequest, type RequestWish } from '../route/read-request.ts'
import { routeText } from '../route/route-text.ts'
import { chosenScopes, momentsOf, rowsOf } from '../simulate/moments.ts'

export interface RouteOptions extends RequestWish {
  readonly rollout?: string
  readonly image?: string
  readonly at?: string
  readonly format: 'text' | 'json'
  readonly rolloutsVersion?: string
  readonly lbcVersion?: string
}

/** `rollsync route`: 0, or 2 for input that cannot be simulated or a Rollout that no AWS load balancer routes. */
export async function routeCommand(paths: readonly string[], options: RouteOptions, io: Io): Promise<ExitCode> {
  const request = readRequest(options)
  const versions = chooseVersions(options)
  const lbc = lbcProfile(options.lbcVersion ?? lbcVersions.at(-1) ?? '')
  for (const sentence of [...versions.unverified, ...(lbc.recorded ? [] : [`${lbc.because}: ${lbc.standsIn} stands in`])]) io.err(`unverified: ${sentence}\n`)
  const { files, settings } = await readRepository(paths, io)
  const repository = discover(files, settings)
  refuseBroken(repository.diagnostics)
  const scopes = chosenScopes(repository, options.rollout).filter((scope) => albSettings(scope.rollout.object) !== undefined)
  if (scopes.length === 0) throw new CliError('NO_ALB', 'no Rollout here is routed by an AWS load balancer (trafficRouting.alb)', { hint: 'other routers decide in the cluster, where rollsync does not look' })
  const around = routedAround(repository)
  const answers: Answer[] = []
  for (const scope of scopes) {
    const alb = albSettings(scope.rollout.object)
    if (alb === undefined) continue
    const made = { git: simulatedWorld(scope), rollout: scope.rollout.object, profile: versions.rollouts }
    const { told } = await momentsOf({ pods: 'ready', ...(options.image === undefined ? {} : { image: options.image }) }, made, io)
    const shown = rowsOf(told, made)
    const picked = options.at === undefined ? shown : shown.filter((one) => String(one.row.number) === options.at)
    if (picked.length === 0) throw new CliError('NO_SUCH_MOMENT', `--at ${options.at}: ${refText(scope.rollout.manifest.ref)} has moments 0 to ${shown.length - 1}`)
    answers.push({ scope, rows: picked.flatMap((one) => reachedRows(one, refOf(scope.rollout.object), { alb, lbc: lbc.profile, around }, request)) })
  }
  io.out(options.format === 'json' ? jsonOf(answers, request, versions.rollouts.version, lbc.profile) : textOf(answers, request, versions.rollouts.version, lbc.profile))
  return 0
}

interface Answer {
  readonly scope: CanaryScope
  readonly rows: readonly ReachedRow[]
}

function textOf(answers: readonly Answer[], request: AlbRequest, rollouts: string, lbc: LbcProfile): string {
  const asked = requestText(request)
  return answers.map(({ scope, rows }) => {
    const head = `${refText(scope.rollout.manifest.ref)}: where ${asked} goes (Argo Rollouts ${rollouts}, AWS Load Balancer Controller ${lbc.version})`
    return `${head}\n\n${rows.length === 0 ? 'none of its Ingresses is in these files\n' : routeText(rows)}`
  }).join('\n')
}

function jsonOf(answers: readonly Answer[], request: AlbRequest, rollouts: string, lbc: LbcProfile): string {
  const listed = answers.map(({ scope, rows }) => ({ rollout: refOf(scope.rollout.object), moments: rows }))
  return `${JSON.stringify({ version: 1, rollouts, lbc: lbc.version, request, answers: listed }, null, 2)}\n`
}
