import { afterEach } from 'vitest'
import { until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

type Row = {
  state: string
  finding: string | null
  person: string
  held: number
  refusals: number | null
  control: string | null
  userinfo: string | null
  unanswered: boolean
}

/** A portal in which one person’s grants are checked at once, and an ORCID that refuses them. */
export function suspicionsPerFile({ admin, orcid }: { admin: string; orcid: string }) {
  const fixture = stackPerFile({ STAFF_ADMINS: admin })

  afterEach(async () => {
    await fixture.stack.registry.clearFaults()
    await fixture.rows('truncate orcid_rate_limit')
  })

  const grants = (): Promise<Row[]> =>
    fixture.rows(
      `select g.state::text, g.finding::text, r.state::text as person, s.refusals, s.control_said as control,
         s.userinfo_said as userinfo, g.unanswered_since is not null as unanswered,
         num_nonnulls(sealed_access_token, sealed_refresh_token, sealed_response) as held
       from "grant" g join researcher r on r.id = g.researcher_id left join suspicion s on s.grant_id = g.id
       where r.orcid = $1 order by g.granted_at`,
      [orcid],
    )

  /** Has the sweep ask about every grant now, and waits until it has. */
  async function ask(): Promise<void> {
    const due = `next_check_at <= now() and sealed_access_token is not null`
    await fixture.rows(`update "grant" set next_check_at = now() - interval '1 second'`)
    await fixture.rows(`select graphile_worker.add_job('sweep')`)
    await until(
      'the sweep has asked',
      async () => (await fixture.rows(`select 1 from "grant" where ${due}`)).length === 0,
    )
    await until(
      'the sweep is over',
      async () => (await fixture.rows(`select 1 from graphile_worker.jobs where locked_at is not null`)).length === 0,
    )
  }

  /** Lets time go by for what ORCID has refused or ended. */
  async function wait(hours: number): Promise<void> {
    const earlier = (column: string) => `${column} = ${column} - make_interval(hours => ${hours})`
    await fixture.rows(`update suspicion set ${earlier('since')}, ${earlier('last_asked_at')}`)
    await fixture.rows(`update "grant" set ${earlier('ended_at')} where ended_at is not null`)
  }

  const tokenOf = async () => {
    const { tokens } = await fixture.stack.registry.state()
    return tokens.find((token) => token.orcid === orcid)?.accessToken ?? ''
  }

  /** As the person does on the registry's own page. */
  async function withdrawAtOrcid(): Promise<void> {
    const { registry } = fixture.stack
    const visitor = new Visitor()
    await visitor.post(`${registry.url}/signin`, [['orcid', orcid]])
    await visitor.post(`${registry.url}/trusted-parties`, [['client_id', registry.clientId]])
  }

  /** Refuses a live token at the API and at userinfo, as an ORCID that has lost sight of it. */
  async function refuseEverywhere(): Promise<void> {
    const token = await tokenOf()
    await fixture.stack.registry.refuseTokens({ token, times: 0 })
    await fixture.stack.registry.addFault({ on: 'userinfo', fault: 'token_refused', token, times: 0 })
  }

  const first = async () => (await grants())[0]
  return { fixture, grants, first, ask, wait, tokenOf, withdrawAtOrcid, refuseEverywhere }
}
