import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { SentLinks } from '@/app/staff/people/_components/sent-links'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listLinks, previewInvitation } from '@/lib/campaigns/one-person'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findPerson } from '@/lib/people/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.invite'))('title'), robots: { index: false } }
}

type Props = { params: Promise<{ person: string }>; searchParams: Promise<SearchParams> }

const results = ['invited', 'refused', 'revoked'] as const

/** Invites one person to connect, and shows the links that they were sent. */
export default availablePage(async function InvitePage({ params, searchParams }: Props) {
  const actor = await requireStaff('invitePeople')
  const id = z.uuid().safeParse((await params).person)
  const person = id.success ? await findPerson(actor, id.data) : null
  const preview = person && !person.mergedIntoId ? await previewInvitation(actor, person.id) : null
  if (!person || !preview) notFound()
  const t = await getTranslations('staff.invite')
  const staff = await getTranslations('staff')
  const said = readOne(await searchParams, 'result')
  const result = results.find((one) => one === said)
  const { fault, address, mail } = preview
  return (
    <div className="max-w-[48rem] space-y-6">
      <BackLink href={`/staff/people/${person.id}`}>{t('back')}</BackLink>
      <h1>{t('title')}</h1>
      {result ? <Notice tone={result === 'refused' ? 'warn' : 'good'}>{t(`results.${result}`)}</Notice> : null}
      <p className="font-semibold [overflow-wrap:anywhere]">
        <bdi translate="no">{[person.name ?? staff('nameNotPublic'), person.localId].filter(Boolean).join(' · ')}</bdi>
      </p>
      {fault ? <Notice>{t(`faults.${fault}`)}</Notice> : null}
      {mail ? (
        <section aria-labelledby="mail" className="space-y-3">
          <h2 id="mail">{t('mail')}</h2>
          <p>{t('to', { address: address ?? '' })}</p>
          <div className="card space-y-3 [overflow-wrap:anywhere]">
            <p className="font-semibold">{mail.subject}</p>
            <div lang={mail.locale} className="whitespace-pre-wrap">
              {mail.text}
            </div>
          </div>
          <p className="note">{t('means')}</p>
          <form method="post" action="/staff/people/invite">
            <input type="hidden" name="person" value={person.id} />
            <button type="submit" className="btn btn-primary">
              {t('button')}
            </button>
          </form>
        </section>
      ) : null}
      <SentLinks personId={person.id} links={await listLinks(actor, person.id)} />
    </div>
  )
})
