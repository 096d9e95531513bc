import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { Notice } from '@/app/_components/notice'
import { BackTo } from '@/app/staff/_components/back-link'
import { field } from '@/app/staff/_components/fields'
import { requireStaff } from '@/lib/auth/gates'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.privacy'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ note?: string | string[] }> }

const notes = ['unknown', 'several', 'struck_off', 'lifted', 'not_struck_off', 'erased'] as const

/** Where a request of somebody begins who never connected: their number or address leads to what is held about them. */
export default async function PrivacyPage({ searchParams }: Props) {
  await requireStaff('erasePeople')
  const t = await getTranslations('staff.privacy')
  const asked = (await searchParams).note
  const note = notes.find((known) => known === asked)
  return (
    <div className="max-w-[40rem] space-y-8">
      <div className="space-y-2">
        <BackTo page="people" />
        <h1>{t('title')}</h1>
        <p className="text-ink-soft">{t('lead')}</p>
      </div>
      {note ? (
        <Notice tone={note === 'erased' || note === 'lifted' ? 'good' : 'warn'}>{t(`notes.${note}`)}</Notice>
      ) : null}
      <form method="post" action="/staff/privacy/look-up" className="space-y-3">
        <WhoField id="who" label={t('who')} />
        <button type="submit" className="btn btn-primary">
          {t('find')}
        </button>
      </form>
      <p>
        {t.rich('connected', {
          link: (words) => (
            <a key="people" href="/staff/researchers">
              {words}
            </a>
          ),
        })}
      </p>
      <section aria-labelledby="lift" className="space-y-3 border-line border-t pt-6">
        <h2 id="lift">{t('lift.title')}</h2>
        <p>{t('lift.means')}</p>
        <form method="post" action="/staff/privacy/lift" className="space-y-3">
          <WhoField id="lift-who" label={t('who')} />
          <ConfirmCheckbox>{t('lift.sure')}</ConfirmCheckbox>
          <button type="submit" className="btn btn-quiet">
            {t('lift.button')}
          </button>
        </form>
      </section>
    </div>
  )
}

function WhoField({ id, label }: { id: string; label: string }) {
  return (
    <label htmlFor={id} className="block max-w-[20rem] space-y-1">
      <span className="note block">{label}</span>
      <input id={id} name="who" type="text" required maxLength={200} autoComplete="off" className={field} />
    </label>
  )
}
