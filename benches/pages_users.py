"""The readers of benches/pages.sh: 20 at once, each with one connection and a short rest after every page.

    pages_users.py ADDRESS PASSWORD PID SECONDS
"""

import collections, html, http.client, re, sys, threading, time, urllib.parse

address, password, pid, seconds, users = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), 20
at, month = urllib.parse.urlsplit(address), "periode=2026-10"


def ask(connection, path, cookie, method="GET", body=None):
    began = time.perf_counter()
    headers = {"Cookie": cookie}
    if body is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{at.netloc}"}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    page = answer.read()
    return time.perf_counter() - began, answer.status, page, answer


def sign_in(account):
    connection, cookie = http.client.HTTPConnection(at.netloc), ""
    answer = ask(connection, "/masuk", cookie)
    cookie = (answer[3].getheader("set-cookie") or "").split(";")[0]
    csrf = re.search(rb'name="csrf" value="([^"]*)"', answer[2])[1].decode()
    form = urllib.parse.urlencode({"csrf": csrf, "kembali": "/", "akun": account, "sandi": password})
    answer = ask(connection, "/masuk", cookie, "POST", form)
    if answer[1] not in (302, 303):
        sys.exit(f"{account} could not sign in: {answer[1]} {answer[2][:200]}")
    return answer[3].getheader("set-cookie").split(";")[0]


finance, hr = sign_in("keu"), sign_in("sdm1")
first = http.client.HTTPConnection(at.netloc)
print(f"first Beranda: {ask(first, '/?' + month, finance)[0] * 1000:.0f} ms, the next {ask(first, '/?' + month, finance)[0] * 1000:.0f} ms")


def links(path, cookie, prefix):
    page = ask(first, path, cookie)[2].decode()
    return [html.unescape(link) for link in re.findall(rf'href="({re.escape(prefix)}[^"]+)"', page)]


people = links(f"/keuangan?{month}", finance, "/pegawai/")[:40]
groups = [link for link in links(f"/sdm?{month}", hr, "/sdm/kelompok") if "kode=" in link]
groups = groups[:6] + groups[-6:]
cases = [link for group in groups[2:6] for link in links(group, hr, "/sdm/kasus/")[:5]]
look = f"/keuangan?{month}&cari="
rooms = {
    "Beranda": (finance, [f"/?{month}"]),
    "Keuangan, search": (finance, [look + word for word in ("budi", "santoso", "1985", "tidakada", "bagian+keuangan", "anto", "siti+budi")]),
    "Keuangan, filters": (finance, [f"/keuangan?{month}&{rest}" for rest in
                          ("putusan=tertahan", "kode=AB05", "kode=PR01&urut=nama", "urut=selisih", "putusan=layak&urut=nama")]),
    "SDM, inbox": (hr, [f"/sdm?{month}"]),
    "SDM, views": (hr, [f"/sdm?{month}&saring={view}" for view in ("milik-saya", "lewat-batas", "belum-ditugaskan", "menunggu-persetujuan-saya", "dikesampingkan")]),
    "SDM, one group": (hr, groups),
    "SDM, one case": (hr, cases),
    "Pegawai": (finance, people),
}
for name, (_, paths) in rooms.items():
    if not paths:
        sys.exit(f"{name}: no address to ask for")
taken, wrong, sizes, by_path = collections.defaultdict(list), collections.Counter(), collections.defaultdict(int), collections.defaultdict(list)
end = time.time() + seconds


def user(number):
    connection, turn = http.client.HTTPConnection(at.netloc, timeout=60), number
    names = list(rooms)
    while time.time() < end:
        name = names[turn % len(names)]
        cookie, paths = rooms[name]
        path = paths[(turn // len(names)) % len(paths)]
        turn += 1
        try:
            took, status, body, _ = ask(connection, path, cookie)
        except OSError:
            wrong["broken connection"] += 1
            connection = http.client.HTTPConnection(at.netloc, timeout=60)
            continue
        taken[name].append(took)
        by_path[path].append(took)
        sizes[name] = max(sizes[name], len(body))
        if status != 200:
            wrong[f"{status} {path}"] += 1
        # A person reads a while.
        time.sleep(0.2)


threads = [threading.Thread(target=user, args=(number * 7,)) for number in range(users)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]


def part(all_taken, share):
    return all_taken[min(len(all_taken) - 1, int(len(all_taken) * share))] * 1000


for name, all_taken in sorted(taken.items()):
    all_taken.sort()
    print(f"{name:<18} {len(all_taken):>6} answers  p50 {part(all_taken, .5):6.1f} ms  p99 {part(all_taken, .99):7.1f} ms"
          f"  largest {all_taken[-1] * 1000:7.1f} ms  {sizes[name] / 1000:6.1f} kB")
slow = sorted(((part(sorted(all_taken), .5), path) for path, all_taken in by_path.items()), reverse=True)[:5]
print("slowest addresses by median:", "; ".join(f"{re.sub('[0-9]{18}', 'NIP', path)} {took:.0f} ms" for took, path in slow))
print("errors:", dict(wrong) or "none")
status = open(f"/proc/{pid}/status").read()
print("memory of serve:", re.search(r"VmHWM:\s+(\d+)", status)[1], "kB at most,", re.search(r"VmRSS:\s+(\d+)", status)[1], "kB now")
