import NextAuth from 'next-auth'

const issuer = process.env.ORCID_ISSUER ?? ''

// next-auth as its documentation has it, with a session in a cookie and no database.
const handler = NextAuth({
  secret: process.env.NEXTAUTH_SECRET,
  session: { strategy: 'jwt' },
  providers: [
    {
      id: 'orcid',
      name: 'ORCID',
      type: 'oauth',
      issuer,
      wellKnown: `${issuer}/.well-known/openid-configuration`,
      clientId: process.env.ORCID_CLIENT_ID,
      clientSecret: process.env.ORCID_CLIENT_SECRET,
      client: { token_endpoint_auth_method: 'client_secret_post' },
      authorization: { params: { scope: 'openid' } },
      idToken: true,
      checks: ['state', 'nonce'],
      profile: ({ sub }) => ({ id: sub }),
    },
  ],
})

export { handler as GET, handler as POST }
