import { addInvited } from '@/tests/support/invitations'
import { decideAtOrcid } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const mailSettings = {
  SMTP_URL: 'smtp://localhost:1',
  MAIL_FROM: 'Library <library@example.org>',
  MAIL_DOMAINS: 'example.org',
}

type Choice = { orcid: string; decision?: 'authorize' | 'deny'; scopes?: string[]; visitor?: Visitor }

/** A portal that can send mail, and what people do there by personal links. */
export function personalLinksPerFile() {
  const fixture = stackPerFile(mailSettings)
  const { rows } = fixture
  const at = (path: string) => `${fixture.stack.portal.url}${path}`
  const add = (more: Parameters<typeof addInvited>[1] = {}) => addInvited(fixture, more)
  const post = (path: string, fields: Record<string, string>, visitor = new Visitor()) =>
    visitor.post(at(path), Object.entries(fields))

  /** From the button of the link’s page to the answer of the callback. */
  async function followLink(token: string, { orcid, decision, scopes = [], visitor = new Visitor() }: Choice) {
    const fields: [string, string][] = [['token', token], ...scopes.map((one): [string, string] => ['scope', one])]
    const start = await visitor.post(at('/i/start'), fields)
    if (start.status !== 303) throw new Error(`${start.status} ${start.body.slice(0, 300)}`)
    const back = await decideAtOrcid(visitor, start, { orcid, decision })
    return { visitor, start, answer: await visitor.get(back) }
  }

  const bindings = () =>
    rows(`select p.local_id, b.proof::text, r.orcid from binding b join person p on p.id = b.person_id
      join researcher r on r.id = b.researcher_id where b.ended_at is null order by r.orcid`)
  const conflicts = () => rows('select kind::text, person_id::text as person from conflict where resolved_at is null')
  const invitations = () => rows('select ended::text, failed_at is not null as failed from invitation')

  return { fixture, rows, at, add, post, followLink, bindings, conflicts, invitations }
}
