import { getTranslations } from 'next-intl/server'
import { ReferenceForm } from '@/app/staff/attempts/_components/reference-form'

/** Nothing has the reference that was given: what may be the reason, and the field to try again. */
export async function UnknownReference({ given }: { given: string }) {
  const t = await getTranslations('staff.noReference')
  const plain = await getTranslations('plain')
  return (
    <div className="space-y-6">
      <div className="space-y-3">
        <h1>{t('title')}</h1>
        {given ? (
          <p className="[overflow-wrap:anywhere]">
            {t.rich('given', {
              given: () => (
                <bdi translate="no" key="given">
                  {given}
                </bdi>
              ),
            })}
          </p>
        ) : null}
      </div>
      <ul className="max-w-[40rem] list-disc space-y-1 ps-5">
        <li>{t('check')}</li>
        <li>{t('gone')}</li>
        <li>{t('log', { page: plain('unknown.title') })}</li>
      </ul>
      <ReferenceForm given={given} />
    </div>
  )
}

const charsMax = 60

/** What was typed or stands in an address, as far as it can be shown. */
export const toGiven = (text: string) => [...text].slice(0, charsMax).join('')
