// Calls every method of strava-v3 and prints what each gave, as JSON. What to call with comes as JSON on standard input.
const strava = require('strava-v3')

const plan = JSON.parse(require('fs').readFileSync(0, 'utf8'))
strava.config({
  access_token: '',
  client_id: plan.client_id,
  client_secret: plan.client_secret,
  redirect_uri: plan.redirect_uri
})

async function outcome (call) {
  try {
    return { value: await call() }
  } catch (error) {
    return { status: error.statusCode || 0, error: String(error.message) }
  }
}

function publicMethods (group) {
  const above = Object.getPrototypeOf(group)
  const names = Object.keys(group).concat(above === Object.prototype ? [] : Object.getOwnPropertyNames(above))
  return names.filter(name => name !== 'constructor' && !name.startsWith('_') && typeof group[name] === 'function')
}

async function main () {
  const client = new strava.client(plan.access_token)
  const groups = { ...client, oauth: strava.oauth, pushSubscriptions: strava.pushSubscriptions }
  const methods = []
  for (const [name, group] of Object.entries(groups)) {
    if (name !== 'access_token' && name !== 'rateLimiting') {
      for (const method of publicMethods(group)) methods.push(`${name}.${method}`)
    }
  }
  const results = {}
  for (const [key, argument] of plan.calls) {
    const [name, method] = key.split('.')
    results[key] = await outcome(() => groups[name][method](argument))
  }
  const made = results['pushSubscriptions.create']
  if (made && made.value) {
    results['pushSubscriptions.delete'] = await outcome(() => groups.pushSubscriptions.delete({ id: made.value.id }))
  }
  results['oauth.deauthorize'] = await outcome(() => strava.oauth.deauthorize({ access_token: plan.access_token }))
  console.log(JSON.stringify({ methods, results, limits: strava.rateLimiting }))
}

main()
