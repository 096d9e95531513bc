import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { OrcidId } from '@/app/_components/orcid-id'
import { BackLink } from '@/app/staff/_components/back-link'
import { AbilityList } from '@/app/staff/team/_components/ability-table'
import { Rights } from '@/app/staff/team/_components/rights'
import { rightsFaults } from '@/app/staff/team/_components/rights-fault'
import { RightsFields, readTyped } from '@/app/staff/team/_components/rights-fields'
import type { Role, StaffActor } from '@/lib/actor'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { readAll, readOne, type SearchParams } from '@/lib/list/search'
import { orcidUri } from '@/lib/orcid/id'
import { withParents } from '@/lib/people/person'
import { listDepartments } from '@/lib/researchers/departments'
import { listAuthenticated } from '@/lib/researchers/queries'
import { findMember } from '@/lib/staff/queries'
import { roles } from '@/lib/staff/staff'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.member'))('title'), robots: { index: false } }
}

type Props = {
  params: Promise<{ member: string }>
  searchParams: Promise<SearchParams>
}

const changes = [...roles, 'none'] as const
type Change = (typeof changes)[number]

/** One member of the team: which role they could have instead, and with `?to=` what that would mean, to confirm. */
export default async function MemberPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manageTeam')
  const id = z.uuid().safeParse((await params).member)
  const member = id.success ? await findMember(actor, id.data) : null
  if (!member) notFound()
  const t = await getTranslations('staff')
  const query = await searchParams
  const asked = readOne(query, 'to')
  const to = changes.find((change) => change === asked && (change !== member.role || change !== 'admin'))
  const [authenticated] = await listAuthenticated(actor, [member.orcid])
  const role = t(`roles.${member.role}`)
  const title = (change: Change) =>
    change === 'none' ? t('member.take') : t('member.make', { role: t(`roles.${change}`) })
  return (
    <div className="space-y-6">
      <BackLink href="/staff/team">{t('member.back')}</BackLink>
      <h1>{member.name ? <bdi translate="no">{member.name}</bdi> : t('member.title')}</h1>
      <OrcidId
        uri={orcidUri(member.orcid, env().orcid.registry)}
        name={member.name}
        authenticated={authenticated !== undefined}
      />
      <div>
        <p>{t(member.id === actor.staffId ? 'member.nowYou' : 'member.now', { role })}</p>
        <Rights {...member} />
      </div>
      {to ? (
        <Confirmation actor={actor} member={member} to={to} query={query} />
      ) : (
        <ul className="no-print flex flex-wrap gap-3">
          {changes
            .filter((change) => change !== member.role || change !== 'admin')
            .map((change) => (
              <li key={change}>
                <a href={`?to=${change}`} className="btn btn-quiet">
                  {change === member.role ? t('member.limits') : title(change)}
                </a>
              </li>
            ))}
        </ul>
      )}
    </div>
  )
}

type Asked = {
  actor: StaffActor
  member: NonNullable<Awaited<ReturnType<typeof findMember>>>
  to: Change
  query: SearchParams
}

async function Confirmation({ actor, member, to, query }: Asked) {
  const t = await getTranslations('staff')
  const isSame = to === member.role
  return (
    <section aria-labelledby="confirm" className="space-y-3">
      <h2 id="confirm">
        {isSame ? t('member.limits') : to === 'none' ? t('member.take') : t('member.make', { role: t(`roles.${to}`) })}
      </h2>
      {to === 'none' ? <p>{t('member.takeMeans')}</p> : isSame ? null : <NewAbilities role={to} />}
      <p>{t('member.atOnce')}</p>
      <form
        method="post"
        action={to === 'none' ? '/staff/team/removal' : '/staff/team/role'}
        className="no-print space-y-4"
      >
        <input type="hidden" name="member" value={member.id} />
        {to === 'none' ? null : <input type="hidden" name="role" value={to} />}
        {to === 'viewer' || to === 'manager' ? <Limits actor={actor} member={member} query={query} /> : null}
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <button type="submit" className={to === 'none' ? 'btn btn-danger' : 'btn btn-primary'}>
            {t(to === 'none' ? 'member.confirmTake' : isSame ? 'member.confirmLimits' : 'member.confirm')}
          </button>
          <a href={`/staff/team/${member.id}`}>{t('member.cancel')}</a>
        </div>
      </form>
    </section>
  )
}

async function NewAbilities({ role }: { role: Role }) {
  const t = await getTranslations('staff.member')
  return (
    <>
      <p>{t(role === 'viewer' ? 'mayDo' : 'mayDoBesides')}</p>
      <AbilityList role={role} />
    </>
  )
}

async function Limits({ actor, member, query }: Omit<Asked, 'to'>) {
  const fault = rightsFaults.find((one) => one === readOne(query, 'fault')) ?? null
  const typed = readTyped({
    department: readAll(query, 'department'),
    limit: readAll(query, 'limit'),
    export: readAll(query, 'export'),
  })
  const given = fault ? typed : { ...member, isLimited: member.departments.length > 0 }
  return <RightsFields given={given} offered={withParents(await listDepartments(actor))} fault={fault} />
}
