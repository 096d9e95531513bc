import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import { ReferenceForm } from '@/app/staff/attempts/_components/reference-form'
import { decodeSegment } from '@/app/staff/attempts/[reference]/_components/decode-segment'

const charsMax = 60

/** Nothing has the reference in the address: what may be the reason, and the field to try again. */
export default async function NoReference() {
  const t = await getTranslations('staff.noReference')
  const plain = await getTranslations('plain')
  const path = (await headers()).get('x-concord-path') ?? ''
  const segment = path.split('?')[0]?.split('/').at(-1) ?? ''
  const given = [...decodeSegment(segment)].slice(0, charsMax).join('')
  return (
    <div className="space-y-6">
      <div className="space-y-3">
        <h1>{t('title')}</h1>
        <p className="[overflow-wrap:anywhere]">{t.rich('given', { given: () => <bdi key="given">{given}</bdi> })}</p>
      </div>
      <ul className="list-disc space-y-1 ps-5">
        <li>{t('check')}</li>
        <li>{t('gone')}</li>
        <li>{t('log', { page: plain('unknown.title') })}</li>
      </ul>
      <ReferenceForm given={given} />
    </div>
  )
}
