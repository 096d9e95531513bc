import { setTimeout as sleep } from 'node:timers/promises'
import type { Visitor } from '@/tests/support/visitor'
import type { Environment } from './environment'
import { toForeign } from './foreign'
import type { DoubtPlan } from './plan'
import type { Run } from './schedule'

/** So often the portal is made to ask about the person while their tokens are in doubt. */
const checks = 4
const checkEveryMs = 600

/** Has the registry refuse what the person granted, or lets them take it back there, and the portal notice. */
export async function castDoubt(environment: Environment, run: Run, doubt: DoubtPlan, visitor: Visitor): Promise<void> {
  run.doing = `has their permission doubted: ${doubt.kind}`
  if (doubt.kind === 'withdrawn') await withdrawAtOrcid(environment, run, visitor)
  else await arm(environment, run, doubt)
  for (let times = 0; times < checks; times++) {
    // Rows that the portal holds just now are left out: waiting for them might lock both out.
    await environment.client.query(
      `update "grant" set next_check_at = now() where id in (
         select g.id from "grant" g join researcher r on r.id = g.researcher_id
         where g.state = 'live' and r.orcid = $1 for update of g skip locked)`,
      [run.orcid],
    )
    await environment.client.query(`select graphile_worker.add_job('sweep', job_key := 'sweep')`)
    await sleep(checkEveryMs)
  }
}

async function arm({ registry }: Environment, { orcid }: Run, doubt: Exclude<DoubtPlan, { kind: 'withdrawn' }>) {
  if (doubt.kind === 'foreign') return registry.addFault({ ...toForeign('api', doubt.fault), times: doubt.times })
  if (doubt.kind === 'all-refused') return registry.refuseTokens({ times: 0, forMs: doubt.forMs })
  const { tokens } = await registry.state()
  for (const { accessToken: token } of tokens.filter((each) => each.live && each.orcid === orcid)) {
    const filter = 'times' in doubt ? { token, times: doubt.times } : { token, times: 0, forMs: doubt.forMs }
    await (doubt.kind === 'unverified' ? registry.failTokenChecks(filter) : registry.refuseTokens(filter))
    if (doubt.alsoAtUserinfo) await registry.addFault({ on: 'userinfo', fault: 'token_refused', ...filter })
  }
}

async function withdrawAtOrcid({ registry }: Environment, run: Run, visitor: Visitor): Promise<void> {
  await visitor.post(`${registry.url}/signin`, [['orcid', run.orcid]])
  await visitor.post(`${registry.url}/trusted-parties`, [['client_id', registry.clientId]])
  run.withdrewAtOrcid = true
}
