import './team.css'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Answer } from '@/app/_components/answer'
import { Fold } from '@/app/_components/fold'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { AbilityTable } from '@/app/staff/team/_components/ability-table'
import { Invitations } from '@/app/staff/team/_components/invitations'
import { Rights } from '@/app/staff/team/_components/rights'
import { rightsFaults } from '@/app/staff/team/_components/rights-fault'
import { readTyped } from '@/app/staff/team/_components/rights-fields'
import { auditHref, noAuditFilters } from '@/lib/audit/schema'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { type SavedFields, takeSavedFields } from '@/lib/auth/saved-form'
import { env } from '@/lib/config/env'
import { readAll, readOne, type SearchParams } from '@/lib/list/search'
import { orcidUri } from '@/lib/orcid/id'
import { withParents } from '@/lib/people/person'
import { listDepartments } from '@/lib/researchers/departments'
import { listAuthenticated } from '@/lib/researchers/queries'
import { may } from '@/lib/staff/abilities'
import { findFormerName, listOpenInvitations, listStaff } from '@/lib/staff/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.team'))('title'), robots: { index: false } }
}

const notes = ['changed', 'removed', 'withdrawn', 'shown-once', 'last-admin', 'gone'] as const
const warnings: readonly string[] = ['shown-once', 'last-admin', 'gone']

type Props = { searchParams: Promise<SearchParams> }

/** Who may use these pages, and what each role allows. */
export default availablePage(async function TeamPage({ searchParams }: Props) {
  const actor = await requireStaff('seePeople')
  const t = await getTranslations('staff')
  const isAdmin = may(actor, 'manageTeam')
  const [members, invitations] = await Promise.all([listStaff(actor), isAdmin ? listOpenInvitations(actor) : []])
  const params = await searchParams
  const said = readOne(params, 'note')
  const keptFields = readOne(params, 'kept') && isAdmin ? await takeSavedFields('/staff/team/invitations') : null
  const note = notes.find((one) => one === said)
  const formerId = z.uuid().safeParse(readOne(params, 'member')).data
  const former = note === 'removed' && isAdmin && formerId ? await findFormerName(actor, formerId) : null
  const authenticated = new Set(
    await listAuthenticated(
      actor,
      members.map(({ orcid }) => orcid),
    ),
  )
  return (
    <div className="space-y-8">
      <div className="space-y-3">
        <h1>{t('team.title')}</h1>
        <Answer
          tone="plain"
          action={
            isAdmin ? (
              <a href="#invite" className="btn btn-primary">
                {t('team.invite')}
              </a>
            ) : null
          }
        >
          {actor.departments
            ? t('team.answerLimited')
            : t('team.answer', {
                count: members.length,
                admins: members.filter(({ role }) => role === 'admin').length,
              })}{' '}
          <span className="block text-base text-ink-soft">{t('team.lead')}</span>
        </Answer>
      </div>
      {note ? (
        <Notice tone={warnings.includes(note) ? 'warn' : 'good'}>
          {former ? t('team.removedName', { name: former }) : t(`team.notes.${note}`)}
        </Notice>
      ) : null}
      <ul aria-label={t('team.caption')} className="card card-list">
        {members.map(({ id, orcid, name, role, addedAt, origin, ...rights }) => (
          <li
            key={orcid}
            className="grid items-center gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1.2fr)_minmax(0,1.6fr)_minmax(0,1.4fr)_auto]"
          >
            <span className="font-medium [overflow-wrap:anywhere]">
              {name ? (
                <bdi translate="no">{name}</bdi>
              ) : (
                <span className="text-ink-soft">{t(authenticated.has(orcid) ? 'nameNotPublic' : 'team.notYet')}</span>
              )}
            </span>
            <OrcidId
              uri={orcidUri(orcid, env().orcid.registry)}
              name={name}
              authenticated={authenticated.has(orcid)}
              format="compact"
            />
            <span className="text-sm">
              <span className="block font-medium">{t(`roles.${role}`)}</span>
              <Rights role={role} {...rights} />
              <span className="note block">
                {t.rich('team.since', { when: () => <When key="since" at={addedAt} show="date" /> })}
                {' · '}
                {t(origin === 'STAFF_ADMINS' ? 'team.configured' : 'team.invited')}
              </span>
            </span>
            <span className="no-print flex flex-wrap gap-x-4 justify-self-start">
              {may(actor, 'seeActivity') ? (
                <a href={auditHref({ ...noAuditFilters, actor: orcid })} className="inline-flex min-h-8 items-center">
                  {t('team.activity')}
                  <span className="sr-only"> {name ?? orcid}</span>
                </a>
              ) : null}
              {isAdmin ? (
                <a href={`/staff/team/${id}`} className="inline-flex min-h-8 items-center">
                  {t('team.change')}
                  <span className="sr-only"> {name ?? orcid}</span>
                </a>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      {isAdmin ? (
        <Invitations
          invitations={invitations}
          typed={readTyped(keptFields ?? toFields(params))}
          isKept={keptFields !== null}
          fault={rightsFaults.find((one) => one === readOne(params, 'fault')) ?? null}
          departments={withParents(await listDepartments(actor))}
        />
      ) : null}
      <Fold id="roles" title={t('team.meaning')}>
        <AbilityTable />
      </Fold>
    </div>
  )
})

const toFields = (params: SearchParams): SavedFields =>
  Object.fromEntries(['role', 'limit', 'department', 'export'].map((name) => [name, readAll(params, name)]))
