// One address for each kind of page of the demo.
// kinds finds the demo's pages by following the site itself, so that nothing
// here depends on how addresses are made.
export async function kinds(url) {
  const search = async (q) => {
    const answer = await fetch(`${url}/api/v1/search?limit=1&q=${encodeURIComponent(q)}`);
    const { hits } = await answer.json();
    if (!hits?.length) throw new Error(`the demo finds nothing for ${q}: ${answer.status}`);
    return hits[0];
  };
  const path = (address) => new URL(address).pathname;
  const deck = await search('has:slides "asking precisely"');
  const plain = await search('"let it crash" armstrong');
  const talk = path(deck.url);
  return {
    home: '/',
    results: '/search?q=docker+container',
    filtered: '/search?q=kind%3Akeynote',
    nothing: '/search?q=zzyzzx+qwrtzu',
    ask: '/search',
    talk,
    plainTalk: path(plain.url),
    slide: `${talk}/slides/3?q=docker+container`,
    sheet: `${talk}/slides`,
    person: `/people/${plain.speakers[0].id}`,
    people: '/people',
    edition: `/${plain.edition.id}`,
    series: `/${plain.edition.id.split('/')[0]}`,
    tourSeries: `/${deck.edition.id.split('/')[0]}`,
    tour: `/${deck.edition.id}`,
    topic: (await (await fetch(`${url}/topics`)).text()).match(/href="(\/topics\/[^"]+)"/)[1],
    embed: `/embed?series=${deck.edition.id.split('/')[0]}`,
    embedBlock: `/embed/${deck.edition.id.split('/')[0]}`,
    seriesList: '/series',
    editions: '/editions',
    topics: '/topics',
    statistics: '/statistics',
    about: '/about',
    help: '/help',
    suggest: `/suggest?thing=${encodeURIComponent(talk.slice(1))}`,
    suggestPerson: `/suggest?thing=${plain.speakers[0].id}`,
    thanks: '/suggest/thanks',
    signIn: '/desk/sign-in',
    noLink: '/link/none',
    missing: '/there/is-no/such-page',
  };
}
