import { ArrowLeft } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { OrcidId } from '@/app/_components/orcid-id'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'
import { listAuthenticated } from '@/lib/researchers/queries'
import { findMember } from '@/lib/staff/queries'
import { roles } from '@/lib/staff/staff'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.member'))('title'), robots: { index: false } }
}

type Props = {
  params: Promise<{ member: string }>
  searchParams: Promise<{ to?: string | string[] }>
}

const changes = [...roles, 'none'] as const

/** One member of the team: which role they could have instead, and with `?to=` what that would mean, to confirm. */
export default async function MemberPage({ params, searchParams }: Props) {
  const actor = await requireStaff('admin')
  const id = z.uuid().safeParse((await params).member)
  const member = id.success ? await findMember(actor, id.data) : null
  if (!member) notFound()
  const t = await getTranslations('staff')
  const asked = (await searchParams).to
  const to = changes.find((change) => change === asked && change !== member.role)
  const [authenticated] = await listAuthenticated(actor, [member.orcid])
  const role = t(`roles.${member.role}`)
  return (
    <div className="space-y-6">
      <a href="/staff/team" className="no-print inline-flex min-h-8 items-center gap-1.5 text-sm">
        <ArrowLeft size={16} className="rtl:rotate-180" />
        {t('member.back')}
      </a>
      <h1>{member.name ? <bdi translate="no">{member.name}</bdi> : t('member.title')}</h1>
      <OrcidId
        uri={orcidUri(member.orcid, env().orcid.registry)}
        name={member.name}
        authenticated={authenticated !== undefined}
      />
      <p>{t(member.id === actor.staffId ? 'member.nowYou' : 'member.now', { role })}</p>
      {to ? (
        <Confirmation member={member.id} to={to} />
      ) : (
        <ul className="no-print flex flex-wrap gap-3">
          {changes
            .filter((change) => change !== member.role)
            .map((change) => (
              <li key={change}>
                <a href={`?to=${change}`} className="btn btn-quiet">
                  {change === 'none' ? t('member.take') : t('member.make', { role: t(`roles.${change}`) })}
                </a>
              </li>
            ))}
        </ul>
      )}
    </div>
  )
}

async function Confirmation({ member, to }: { member: string; to: (typeof changes)[number] }) {
  const t = await getTranslations('staff')
  return (
    <section aria-labelledby="confirm" className="space-y-3">
      <h2 id="confirm">{to === 'none' ? t('member.take') : t('member.make', { role: t(`roles.${to}`) })}</h2>
      <p>{to === 'none' ? t('member.takeMeans') : t(`team.means.${to}`)}</p>
      <p>{t('member.atOnce')}</p>
      <div className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
        <form method="post" action={to === 'none' ? '/staff/team/removal' : '/staff/team/role'}>
          <input type="hidden" name="member" value={member} />
          {to === 'none' ? null : <input type="hidden" name="role" value={to} />}
          <button type="submit" className={to === 'none' ? 'btn btn-danger' : 'btn btn-primary'}>
            {t(to === 'none' ? 'member.confirmTake' : 'member.confirm')}
          </button>
        </form>
        <a href={`/staff/team/${member}`}>{t('member.cancel')}</a>
      </div>
    </section>
  )
}
