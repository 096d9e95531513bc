'use client'

import { ErrorOutcome } from '@/app/_components/error-outcome'
import { Page } from '@/app/_components/page'

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <Page>
      <ErrorOutcome error={error} retry={retry} back="home" />
    </Page>
  )
}
