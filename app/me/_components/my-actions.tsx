import { Download } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { Fold } from '@/app/_components/fold'
import { env } from '@/lib/config/env'

/** The person's data: a copy of it, the record as it is read here, and erasing everything. */
export async function MyActions() {
  const t = await getTranslations('me')
  return (
    <Fold id="data" title={t('data')}>
      <p className="note">{t('lead', { institution: env().institution.name })}</p>
      <p className="no-print">
        <a href="/me/data" download className="btn btn-quiet">
          <Download size={20} />
          {t('download')}
        </a>
      </p>
      <p>
        {t.rich('see', {
          link: (words) => (
            <a key="see" href="/me/record">
              {words}
            </a>
          ),
        })}
      </p>
      <p>
        {t.rich('erase', {
          link: (words) => (
            <a key="erase" href="/me/erase">
              {words}
            </a>
          ),
        })}
      </p>
    </Fold>
  )
}
