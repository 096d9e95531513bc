/** What ORCID receives, in its own form. */
export function OrcidBody({ body }: { body: unknown }) {
  return (
    <pre className="card whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{JSON.stringify(body, null, 2)}</pre>
  )
}
