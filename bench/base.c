// The comparison: the work of `viplane bench dataplane` written in C, as fast as one would write it by hand for exactly this, on the very
// same frames. No reference counts, no limits, no hooks. bench/compare.mjs builds it and runs both in turn; rows that it does not name (W1b,
// W3c, W6l, ...) are variants, kept to see what they would bring.
// Single thread, open-addressing FDB (linear probe, 16-byte slots), no allocation in the loop.
// usage: base [seconds-per-workload] [only=W1,W2,...]
// One JSON line per workload: {"impl","wl","n","sec","rate","ns","digest"}
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __AVX512VL__
#include <immintrin.h>
#endif

typedef uint8_t u8; typedef uint16_t u16; typedef uint32_t u32; typedef uint64_t u64;
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define INLINE static inline __attribute__((always_inline))

static double now_s(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec * 1e-9; }

// ---- shared PRNG (mulberry32): the JS harness makes the very same frames
static u32 prng_a;
static u32 rnd(void) {
  u32 t = (prng_a += 0x6D2B79F5u);
  t = (t ^ (t >> 15)) * (1u | t);
  t ^= t + (t ^ (t >> 7)) * (61u | t);
  return t ^ (t >> 14);
}
INLINE u64 ld64(const u8 *p) { u64 v; memcpy(&v, p, 8); return v; }
INLINE u32 ld32(const u8 *p) { u32 v; memcpy(&v, p, 4); return v; }
INLINE u16 ld16(const u8 *p) { u16 v; memcpy(&v, p, 2); return v; }
INLINE u16 be16(const u8 *p) { return __builtin_bswap16(ld16(p)); }
INLINE u32 be32(const u8 *p) { return __builtin_bswap32(ld32(p)); }
#define MACMASK 0xFFFFFFFFFFFFull

// ---- FDB
typedef struct { u64 key; u32 port1; u32 ts; } slot; // port1 = port+1, 0 = empty
static slot *fdb; static u32 fdb_bits; static u32 fdb_mask; static u64 moves, learned;
static void fdb_init(u32 bits) { free(fdb); fdb_bits = bits; fdb_mask = (1u << bits) - 1; fdb = aligned_alloc(64, sizeof(slot) << bits); memset(fdb, 0, sizeof(slot) << bits); moves = learned = 0; }
INLINE u32 hash(u64 key) { return (u32)((key * 0x9E3779B97F4A7C15ull) >> (64 - fdb_bits)); }
INLINE slot *fdb_find(u64 key) {
  u32 i = hash(key);
  for (;;) { slot *s = &fdb[i]; if (LIKELY(s->key == key)) return s; if (s->port1 == 0) return 0; i = (i + 1) & fdb_mask; }
}
INLINE void fdb_learn(u64 key, u32 port, u32 ts) {
  u32 i = hash(key);
  for (;;) {
    slot *s = &fdb[i];
    if (LIKELY(s->key == key)) { s->ts = ts; if (UNLIKELY(s->port1 != port + 1)) { s->port1 = port + 1; moves++; } return; }
    if (s->port1 == 0) { s->key = key; s->port1 = port + 1; s->ts = ts; learned++; return; }
    i = (i + 1) & fdb_mask;
  }
}

// ---- switch state
#define MAXP 1024
#define RING 256
static u32 nports, ndom;
static u16 port_dom[MAXP];
static u32 mem_off[MAXP + 1], mem_list[MAXP];            // members of each domain
static u32 q[MAXP][RING]; static u32 tail[MAXP]; static u64 txb[MAXP]; static u32 rxf[MAXP]; static u64 rxb[MAXP];
static u64 drops, floods;
static void sw_init(u32 ports, u32 doms) {
  nports = ports; ndom = doms; u32 per = ports / doms, o = 0;
  for (u32 d = 0; d < doms; d++) { mem_off[d] = o; for (u32 k = 0; k < per; k++) { port_dom[d * per + k] = d; mem_list[o++] = d * per + k; } }
  mem_off[doms] = o;
  memset(tail, 0, sizeof tail); memset(txb, 0, sizeof txb); memset(rxf, 0, sizeof rxf); memset(rxb, 0, sizeof rxb); drops = floods = 0;
}
INLINE void enq(u32 port, u32 idx, u32 len) { u32 t = tail[port]++; q[port][t & (RING - 1)] = idx; txb[port] += len; }
INLINE void flood(u32 in, u32 dom, u32 idx, u32 len) {
  floods++;
  for (u32 k = mem_off[dom], e = mem_off[dom + 1]; k < e; k++) { u32 p = mem_list[k]; if (p != in) enq(p, idx, len); }
}
// returns the ethertype, or 0 when dropped
INLINE u32 sw_rx(const u8 *f, u32 len, u32 in, u32 idx, u32 ts) {
  if (UNLIKELY(len < 14)) { drops++; return 0; }
  u64 dst = ld64(f) & MACMASK, src = ld64(f + 6) & MACMASK;
  u32 et = be16(f + 12); u64 dom = port_dom[in];
  if (UNLIKELY(et == 0x8100)) { if (len < 18) { drops++; return 0; } et = be16(f + 16); }
  if (UNLIKELY((src & 1) | (src == 0))) { drops++; return 0; }
  rxf[in]++; rxb[in] += len;
  u64 dk = dom << 48;
  fdb_learn(dk | src, in, ts);
  if (UNLIKELY(dst & 1)) { flood(in, dom, idx, len); return et; }
  slot *s = fdb_find(dk | dst);
  if (UNLIKELY(!s)) { flood(in, dom, idx, len); return et; }
  u32 out = s->port1 - 1;
  if (UNLIKELY(out == in)) { drops++; return et; }
  enq(out, idx, len);
  return et;
}
static u32 digest(void) { // order-independent of timing: per-port tails and bytes and fdb ports
  u32 h = 2166136261u;
  for (u32 p = 0; p < nports; p++) { h = (h ^ tail[p]) * 16777619u; h = (h ^ (u32)txb[p]) * 16777619u; h = (h ^ q[p][7]) * 16777619u; }
  return h;
}

// ---- bucketed FDB (one cache line = 4 keys + 4 ports + 4 stamps): no data-dependent probe branch; the "v" rows
typedef struct { u64 key[4]; u32 port1[4]; u32 ts[4]; } __attribute__((aligned(64))) bucket;
static bucket *bdb; static u32 bdb_bits, bdb_mask;
static void bdb_init(u32 bits) { free(bdb); bdb_bits = bits; bdb_mask = (1u << bits) - 1; bdb = aligned_alloc(64, sizeof(bucket) << bits); memset(bdb, 0, sizeof(bucket) << bits); }
INLINE u32 bmatch(const bucket *b, u64 key) { // bit per matching lane
#ifdef __AVX512VL__
  return _mm256_cmpeq_epi64_mask(_mm256_load_si256((const __m256i *)b->key), _mm256_set1_epi64x((long long)key));
#else
  return (b->key[0] == key) | (b->key[1] == key) << 1 | (b->key[2] == key) << 2 | (b->key[3] == key) << 3;
#endif
}
INLINE u32 *bdb_find(u64 key) { // port1 cell or 0
  u32 i = (u32)((key * 0x9E3779B97F4A7C15ull) >> (64 - bdb_bits));
  for (;;) { bucket *b = &bdb[i]; u32 m = bmatch(b, key); if (LIKELY(m)) return &b->port1[__builtin_ctz(m)]; if (b->key[3] == 0) return 0; i = (i + 1) & bdb_mask; }
}
INLINE void bdb_learn(u64 key, u32 port, u32 ts) {
  u32 *c = bdb_find(key);
  if (LIKELY(c)) { c[4] = ts; if (UNLIKELY(*c != port + 1)) { *c = port + 1; moves++; } return; }
  u32 i = (u32)((key * 0x9E3779B97F4A7C15ull) >> (64 - bdb_bits));
  for (;; i = (i + 1) & bdb_mask) for (u32 j = 0; j < 4; j++) if (!bdb[i].key[j]) { bdb[i].key[j] = key; bdb[i].port1[j] = port + 1; bdb[i].ts[j] = ts; learned++; return; }
}
INLINE void sw_rx_v(const u8 *f, u32 len, u32 in, u32 idx, u32 ts) {
  if (UNLIKELY(len < 14)) { drops++; return; }
  u64 dst = ld64(f) & MACMASK, src = ld64(f + 6) & MACMASK;
  u32 et = be16(f + 12); u64 dom = port_dom[in];
  if (UNLIKELY(et == 0x8100)) { if (len < 18) { drops++; return; } et = be16(f + 16); }
  if (UNLIKELY((src & 1) | (src == 0))) { drops++; return; }
  rxf[in]++; rxb[in] += len;
  bdb_learn(dom << 48 | src, in, ts);
  if (UNLIKELY(dst & 1)) { flood(in, dom, idx, len); return; }
  u32 *c = bdb_find(dom << 48 | dst);
  if (UNLIKELY(!c)) { flood(in, dom, idx, len); return; }
  u32 out = *c - 1; if (UNLIKELY(out == in)) { drops++; return; }
  enq(out, idx, len);
}

// ---- frames
static u8 *fr; static u16 *fport; static u32 nfr; static u32 fsz;
static void fr_init(u32 n, u32 sz) { free(fr); free(fport); nfr = n; fsz = sz; fr = aligned_alloc(64, (size_t)n * sz + 64); memset(fr, 0, (size_t)n * sz + 64); fport = malloc(n * sizeof(u16)); }
static u8 (*macs)[6]; static u32 *macport;
static void macs_init(u32 n) { free(macs); free(macport); macs = malloc(n * 6); macport = malloc(n * 4);
  for (u32 i = 0; i < n; i++) { u32 a = rnd(), b = rnd(); macs[i][0] = 2; macs[i][1] = b & 255; macs[i][2] = a >> 24; macs[i][3] = a >> 16; macs[i][4] = a >> 8; macs[i][5] = a; } }
static u64 mac64(const u8 *m) { u64 v = 0; memcpy(&v, m, 6); return v; }
static void st16(u8 *p, u32 v) { p[0] = v >> 8; p[1] = v; }
static void st32(u8 *p, u32 v) { p[0] = v >> 24; p[1] = v >> 16; p[2] = v >> 8; p[3] = v; }

static void gen_unicast(u32 NM, u32 NP, u32 ND, u32 NF, u32 bits) {
  prng_a = 12345; sw_init(NP, ND); fdb_init(bits); bdb_init(bits > 15 ? 17 : 12); macs_init(NM);
  u32 per = NP / ND, mper = NM / ND;
  for (u32 i = 0; i < NM; i++) { u32 d = i % ND; macport[i] = d * per + (i / ND) % per; fdb_learn(((u64)d << 48) | mac64(macs[i]), macport[i], 0); bdb_learn(((u64)d << 48) | mac64(macs[i]), macport[i], 0); }
  fr_init(NF, 64);
  for (u32 k = 0; k < NF; k++) {
    u32 s = rnd() % NM, d; do { d = (s % ND) + ND * (rnd() % mper); } while (d == s);
    u8 *f = fr + k * 64; memcpy(f, macs[d], 6); memcpy(f + 6, macs[s], 6); st16(f + 12, 0x0800);
    for (u32 j = 14; j < 64; j++) f[j] = k & 255;
    fport[k] = macport[s];
  }
}
static void mk_arp(u8 *f, const u8 *dst, const u8 *sha, u32 oper, u32 spa, u32 tpa) {
  memcpy(f, dst, 6); memcpy(f + 6, sha, 6); st16(f + 12, 0x0806);
  st16(f + 14, 1); st16(f + 16, 0x0800); f[18] = 6; f[19] = 4; st16(f + 20, oper);
  memcpy(f + 22, sha, 6); st32(f + 28, spa); memset(f + 32, 0, 6); st32(f + 38, tpa);
}
static const u8 BC[6] = {255, 255, 255, 255, 255, 255};
static void gen_flood(void) {
  prng_a = 777; sw_init(64, 1); fdb_init(15); macs_init(4096);
  for (u32 i = 0; i < 4096; i++) { macport[i] = i % 64; fdb_learn(mac64(macs[i]), macport[i], 0); }
  fr_init(65536, 64);
  for (u32 k = 0; k < nfr; k++) { u32 s = rnd() % 4096; mk_arp(fr + k * 64, BC, macs[s], 1, 0x0a000000 + s, 0x0a000000 + rnd() % 4096); fport[k] = macport[s]; }
}
static void gen_churn(void) {
  prng_a = 4242; sw_init(64, 1); fdb_init(15); macs_init(4096);
  for (u32 i = 0; i < 4096; i++) { macport[i] = i % 64; fdb_learn(mac64(macs[i]), macport[i], 0); }
  fr_init(65536, 64); u32 cur[256]; memset(cur, 0, sizeof cur);
  for (u32 k = 0; k < nfr; k++) {
    u32 v = rnd() % 256, p; do p = rnd() % 64; while (p == cur[v]); cur[v] = p;
    u8 m[6] = {0, 0, 0x5e, 0, 1, v}; u32 ip = 0x0a630000 + v;
    mk_arp(fr + k * 64, BC, m, (rnd() & 1) + 1, ip, ip); fport[k] = p;
  }
}

// ---- VIP table (IPv4 -> port, hwaddr): what W4 moves
typedef struct { u32 ip, port1; u64 mac; u32 moves, ts; } vip; static vip vips[1024];
INLINE u32 vhash(u32 ip) { return (ip * 0x9E3779B1u) >> 22; }
static u64 garps, vipmoves;
INLINE void vip_update(u32 ip, u64 mac, u32 port, u32 ts) {
  u32 i = vhash(ip);
  for (;;) { vip *v = &vips[i];
    if (v->port1 && v->ip == ip) { if (v->port1 != port + 1 || v->mac != mac) { v->port1 = port + 1; v->mac = mac; v->moves++; vipmoves++; } v->ts = ts; return; }
    if (!v->port1) { v->ip = ip; v->mac = mac; v->port1 = port + 1; v->ts = ts; return; }
    i = (i + 1) & 1023; }
}

// ---- W5 decoders
typedef struct { u32 kind, vrid, prio, n, adv, src, a0, spa, oper; u64 smac; } decoded;
INLINE u32 sum16(const u8 *p, u32 len, u32 acc) { // one's complement, big endian words
  u64 s = acc; while (len >= 4) { s += be32(p); p += 4; len -= 4; }
  if (len >= 2) { s += (u64)be16(p) ; p += 2; len -= 2; } if (len) s += (u64)p[0] << 8;
  s = (s & 0xffffffff) + (s >> 32); s = (s & 0xffffffff) + (s >> 32);
  s = (s & 0xffff) + (s >> 16); s = (s & 0xffff) + (s >> 16); return (u32)s;
}
// returns 0 ok, else an error code
static __attribute__((noinline)) int decode(const u8 *f, u32 len, decoded *o) {
  if (len < 60) return 1;
  u32 et = be16(f + 12); u64 dst = ld64(f) & MACMASK, src = ld64(f + 6) & MACMASK;
  if (src & 1) return 2;
  if (et == 0x0806) {
    if (be16(f + 14) != 1 || be16(f + 16) != 0x0800 || f[18] != 6 || f[19] != 4) return 10;
    u32 op = be16(f + 20); if (op != 1 && op != 2) return 11;
    if ((ld64(f + 22) & MACMASK) != src) return 12;
    u32 spa = be32(f + 28); if (spa != be32(f + 38)) return 13;
    if (dst != MACMASK) return 14;
    o->kind = 2; o->spa = spa; o->oper = op; o->smac = src; return 0;
  }
  if (et != 0x0800) return 3;
  const u8 *ip = f + 14; if (ip[0] != 0x45) return 20;
  u32 tl = be16(ip + 2); if (tl + 14 > len || tl < 28) return 21;
  if (sum16(ip, 20, 0) != 0xffff) return 22;
  if (be16(ip + 6) & 0x3fff) return 27;
  if (ip[9] != 112) return 23;
  if (ip[8] != 255) return 24;
  u32 d = be32(ip + 16); if (d != 0xE0000012u) return 25;
  if (dst != 0x1200005e0001ull) return 26;              // 01:00:5e:00:00:12, little endian
  const u8 *v = ip + 20; u32 vl = tl - 20;
  if (v[0] != 0x31) return 30;
  u32 n = v[3]; if (n == 0 || vl != 8 + 4 * n) return 31;
  u32 vrid = v[1]; if (vrid == 0) return 32;
  if (src != ((u64)vrid << 40 | 0x01005e0000ull)) return 33; // 00:00:5e:00:01:VRID
  // pseudo header: src, dst, 0, 112, vl
  u32 acc = be16(ip + 12) + be16(ip + 14) + (d >> 16) + (d & 0xffff) + 112 + vl;
  if (sum16(v, vl, acc) != 0xffff) return 34;
  o->kind = 1; o->vrid = vrid; o->prio = v[2]; o->n = n; o->adv = be16(v + 4) & 0xfff; o->src = be32(ip + 12); o->a0 = be32(v + 8); o->smac = src;
  return 0;
}
static u32 inet_sum(const u8 *p, u32 len, u32 s) { for (u32 i = 0; i < len; i += 2) s += (p[i] << 8) + (i + 1 < len ? p[i + 1] : 0); while (s >> 16) s = (s & 0xffff) + (s >> 16); return s; }
static u16 *flen;
static void gen_parse(u32 nf) {
  prng_a = 99; fr_init(nf, 96); free(flen); flen = malloc(2 * nf);
  for (u32 k = 0; k < nf; k++) {
    u8 *f = fr + k * 96; u32 vrid = 1 + rnd() % 255; u8 m[6] = {0, 0, 0x5e, 0, 1, vrid};
    if (rnd() & 1) { u32 ip = 0x0a000000 + (rnd() & 0xffff); mk_arp(f, BC, m, 1 + (rnd() & 1), ip, ip); flen[k] = 60; continue; }
    u32 n = 1 + rnd() % 3, vl = 8 + 4 * n, src = 0x0a000000 + (rnd() & 0xffff), prio = 1 + rnd() % 254, adv = 100;
    const u8 md[6] = {1, 0, 0x5e, 0, 0, 0x12}; memcpy(f, md, 6); memcpy(f + 6, m, 6); st16(f + 12, 0x0800);
    u8 *ip = f + 14; ip[0] = 0x45; ip[1] = 0xc0; st16(ip + 2, 20 + vl); st16(ip + 4, k & 0xffff); ip[8] = 255; ip[9] = 112; st32(ip + 12, src); st32(ip + 16, 0xE0000012u);
    st16(ip + 10, ~inet_sum(ip, 20, 0) & 0xffff);
    u8 *v = ip + 20; v[0] = 0x31; v[1] = vrid; v[2] = prio; v[3] = n; st16(v + 4, adv); for (u32 j = 0; j < n; j++) st32(v + 8 + 4 * j, 0x0a630000 + (rnd() & 0xffff));
    u32 ps = inet_sum(ip + 12, 8, 112 + vl); st16(v + 6, ~inet_sum(v, vl, ps) & 0xffff);
    flen[k] = 14 + 20 + vl < 60 ? 60 : 14 + 20 + vl;
  }
}

// ---- runners
static double SEC = 0.5; static const char *only = 0;
static int want(const char *w) { if (!only) return 1; const char *p = only; size_t l = strlen(w); while ((p = strstr(p, w))) { if ((p == only || p[-1] == ',') && (p[l] == 0 || p[l] == ',')) return 1; p += l; } return 0; }
static void report(const char *wl, u64 n, double s, const char *unit, u32 dg) {
  printf("{\"impl\":\"c\",\"wl\":\"%s\",\"unit\":\"%s\",\"n\":%llu,\"sec\":%.4f,\"rate\":%.0f,\"ns\":%.3f,\"digest\":%u}\n", wl, unit, (unsigned long long)n, s, n / s, s * 1e9 / n, dg); fflush(stdout);
}
static __attribute__((noinline)) void pass_unicast(u32 ts) { for (u32 k = 0; k < nfr; k++) sw_rx(fr + k * 64, 64, fport[k], k, ts); }
static __attribute__((noinline)) void pass_bucket(u32 ts) { for (u32 k = 0; k < nfr; k++) sw_rx_v(fr + k * 64, 64, fport[k], k, ts); }
// batched with software prefetch: 32 frames at a time
static __attribute__((noinline)) void pass_batched(u32 ts) {
  u64 sk[32], dk[32]; u32 sh[32], dh[32];
  for (u32 k = 0; k < nfr; k += 32) {
    for (u32 j = 0; j < 32; j++) {
      const u8 *f = fr + (k + j) * 64; u64 dom = (u64)port_dom[fport[k + j]] << 48;
      u64 d = ld64(f) & MACMASK, s = ld64(f + 6) & MACMASK; sk[j] = dom | s; dk[j] = dom | d;
      sh[j] = hash(sk[j]); dh[j] = hash(dk[j]); __builtin_prefetch(&fdb[sh[j]], 1); __builtin_prefetch(&fdb[dh[j]]);
    }
    for (u32 j = 0; j < 32; j++) {
      const u8 *f = fr + (k + j) * 64; u32 in = fport[k + j], dom = port_dom[in]; u32 et = be16(f + 12);
      if (UNLIKELY(et == 0x8100)) et = be16(f + 16);
      if (UNLIKELY((sk[j] & 1) | ((sk[j] & MACMASK) == 0))) { drops++; continue; }
      rxf[in]++; rxb[in] += 64; fdb_learn(sk[j], in, ts);
      if (UNLIKELY(dk[j] & 1)) { flood(in, dom, k + j, 64); continue; }
      slot *s = fdb_find(dk[j]); if (UNLIKELY(!s)) { flood(in, dom, k + j, 64); continue; }
      u32 out = s->port1 - 1; if (UNLIKELY(out == in)) { drops++; continue; } enq(out, k + j, 64);
    }
  }
}
static u8 *qcopy; // W3 with a 64-byte copy per delivery
static __attribute__((noinline)) void pass_flood_copy(u32 ts) {
  for (u32 k = 0; k < nfr; k++) {
    u32 in = fport[k]; const u8 *f = fr + k * 64; sw_rx(f, 64, in, k, ts);
    for (u32 p = 0; p < 64; p++) if (p != in) memcpy(qcopy + ((size_t)p * RING + ((tail[p] - 1) & (RING - 1))) * 64, f, 64);
  }
}
static __attribute__((noinline)) void pass_churn(u32 ts) {
  for (u32 k = 0; k < nfr; k++) {
    const u8 *f = fr + k * 64; u32 in = fport[k]; u32 et = sw_rx(f, 64, in, k, ts);
    if (et == 0x0806 && be16(f + 14) == 1 && be16(f + 16) == 0x0800 && f[18] == 6 && f[19] == 4) {
      u32 op = be16(f + 20), spa = be32(f + 28), tpa = be32(f + 38);
      if ((op == 1 || op == 2) && spa == tpa) { garps++; vip_update(spa, ld64(f + 22) & MACMASK, in, ts); }
    }
  }
}
static __attribute__((noinline)) void pass_learnmove(u32 ts) { // W4 without the flood: learn + VIP table only
  for (u32 k = 0; k < nfr; k++) {
    const u8 *f = fr + k * 64; u32 in = fport[k]; u64 src = ld64(f + 6) & MACMASK; u32 et = be16(f + 12);
    if (src & 1) continue;
    fdb_learn(src, in, ts);
    if (et == 0x0806 && be16(f + 14) == 1 && be16(f + 16) == 0x0800 && f[18] == 6 && f[19] == 4) {
      u32 op = be16(f + 20), spa = be32(f + 28), tpa = be32(f + 38);
      if ((op == 1 || op == 2) && spa == tpa) { garps++; vip_update(spa, ld64(f + 22) & MACMASK, in, ts); }
    }
  }
}
static u64 okc, errc, accs;
static __attribute__((noinline)) void pass_parse(u32 ts) { decoded o = {0}; for (u32 k = 0; k < nfr; k++) { int r = decode(fr + k * 96, flen[k], &o); if (!r) { okc++; accs += o.kind == 1 ? o.vrid + o.prio + o.adv + o.a0 : o.spa + o.oper; } else errc++; } (void)ts; }
#define RUN(NAME, UNIT, MULT, PASS, MINPASS) do { u32 ts = 1; memset(tail, 0, sizeof tail); memset(txb, 0, sizeof txb); memset(q, 0, sizeof q); for (int i = 0; i < MINPASS; i++) PASS(ts++); u32 dg = digest(); u64 n = 0; double t0 = now_s(), t1; do { PASS(ts++); n += nfr; t1 = now_s(); } while (t1 - t0 < SEC); report(NAME, n * (MULT), t1 - t0, UNIT, dg); } while (0)

// ---- W6: 100 hosts, one switch, 1000-byte unicast frame per host per ms, 10 us links
typedef struct { u64 t; u32 seq, ev; } hev;   // ev: type(2) | port(10) | buffer(20)
static hev heap[1 << 16]; static u32 hn;
INLINE int lt(const hev *a, const hev *b) { return a->t < b->t || (a->t == b->t && a->seq < b->seq); }
INLINE void hpush(hev e) { u32 i = hn++; while (i) { u32 p = (i - 1) >> 1; if (!lt(&e, &heap[p])) break; heap[i] = heap[p]; i = p; } heap[i] = e; }
INLINE hev hpop(void) { hev r = heap[0], e = heap[--hn]; u32 i = 0; for (;;) { u32 c = 2 * i + 1; if (c >= hn) break; if (c + 1 < hn && lt(&heap[c + 1], &heap[c])) c++; if (!lt(&heap[c], &e)) break; heap[i] = heap[c]; i = c; } heap[i] = e; return r; }
#define H 100
static u8 (*pool)[1024]; static u32 freel[4096], nfree; static u8 tmpl[H][1024];
static u64 hrx[H], hbytes[H]; static u64 latsum;
static u64 born[4096];
static double w6_dt; static u64 w6_frames, w6_events; static u32 w6_dg;
static void w6(int lanes, int simms) {
  prng_a = 2024; sw_init(H, 1); fdb_init(9); hn = 0; u32 seq = 0; u64 events = 0, frames = 0; latsum = 0;
  if (!pool) pool = aligned_alloc(64, 4096 * 1024);
  nfree = 4096; for (u32 i = 0; i < 4096; i++) freel[i] = i;
  memset(hrx, 0, sizeof hrx); memset(hbytes, 0, sizeof hbytes);
  u64 hm[H]; macs_init(H); for (u32 h = 0; h < H; h++) hm[h] = mac64(macs[h]);
  for (u32 h = 0; h < H; h++) { memset(tmpl[h], h, 1000); memcpy(tmpl[h] + 6, macs[h], 6); st16(tmpl[h] + 12, 0x88b5); }
  const u64 END = (u64)simms * 1000000ull, LAT = 10000, PER = 1000000;
  static hev lane[1 << 14]; u32 lh = 0, ltl = 0;         // FIFO lane for the constant-latency events
  for (u32 h = 0; h < H; h++) hpush((hev){h * 10000ull, seq++, 0u << 30 | h << 20});
  double t0 = now_s();
  for (;;) {
    hev e;
    if (lanes) { if (lh != ltl && (!hn || lt(&lane[lh & 16383], &heap[0]))) e = lane[lh++ & 16383]; else if (hn) e = hpop(); else break; }
    else { if (!hn) break; e = hpop(); }
    events++;
    u32 type = e.ev >> 30, p = (e.ev >> 20) & 1023, b = e.ev & 0xfffff;
#define SCHED_LAT(EV) do { hev ne = {e.t + LAT, seq++, (EV)}; if (lanes) lane[ltl++ & 16383] = ne; else hpush(ne); } while (0)
    if (type == 0) {                                      // host sends; next timer
      b = freel[--nfree]; u32 d = rnd() % (H - 1); d += d >= p; u8 *f = pool[b];
      memcpy(f, tmpl[p], 1000); memcpy(f, macs[d], 6); born[b] = e.t; frames++;
      SCHED_LAT(1u << 30 | p << 20 | b);
      if (e.t + PER < END) hpush((hev){e.t + PER, seq++, 0u << 30 | p << 20});
    } else if (type == 1) {                               // at the switch
      const u8 *f = pool[b]; u64 dst = ld64(f) & MACMASK, src = ld64(f + 6) & MACMASK; if (src & 1) { drops++; freel[nfree++] = b; continue; }
      rxf[p]++; rxb[p] += 1000; fdb_learn(src, p, (u32)(e.t / 1000000));
      slot *s = (dst & 1) ? 0 : fdb_find(dst);
      if (s) { u32 out = s->port1 - 1; tail[out]++; txb[out] += 1000; SCHED_LAT(2u << 30 | out << 20 | b); }
      else { // unknown: flood copies (only while learning)
        floods++; for (u32 o = 0; o < H; o++) if (o != p) { u32 nb = freel[--nfree]; memcpy(pool[nb], f, 1000); born[nb] = born[b]; tail[o]++; txb[o] += 1000; SCHED_LAT(2u << 30 | o << 20 | nb); } freel[nfree++] = b; }
    } else {                                              // at the host
      const u8 *f = pool[b]; u64 dst = ld64(f) & MACMASK; if (dst == hm[p] || (dst & 1)) { hrx[p]++; hbytes[p] += 1000; latsum += e.t - born[b]; } freel[nfree++] = b;
    }
  }
  double dt = now_s() - t0; u64 rx = 0; for (u32 h = 0; h < H; h++) rx += hrx[h]; u32 dg = (u32)(rx * 2654435761u ^ latsum ^ events);
  if (rx != frames) { fprintf(stderr, "W6 lost frames %llu %llu\n", (unsigned long long)rx, (unsigned long long)frames); exit(1); }
  w6_dt += dt; w6_frames += frames; w6_events += events; w6_dg = dg;
}

// ---- W3s: W3 inside the simulator: 64 hosts, one broadcast ARP every 100 us from a random host, 10 us links; every delivery is an event
static void w3s(int lanes, int n) {
  prng_a = 2024; sw_init(64, 1); fdb_init(9); hn = 0; u32 seq = 0; u64 events = 0, frames = 0; latsum = 0; static u16 ref[4096];
  if (!pool) pool = aligned_alloc(64, 4096 * 1024);
  nfree = 4096; for (u32 i = 0; i < 4096; i++) freel[i] = i;
  memset(hrx, 0, sizeof hrx); macs_init(64); static hev lane[1 << 14]; u32 lh = 0, ltl = 0; int left = n;
  hpush((hev){1000, seq++, 0});
  double t0 = now_s();
  for (;;) {
    hev e;
    if (lanes && lh != ltl && (!hn || lt(&lane[lh & 16383], &heap[0]))) e = lane[lh++ & 16383]; else if (hn) e = hpop(); else break;
    events++; u32 type = e.ev >> 30, p = (e.ev >> 20) & 1023, b = e.ev & 0xfffff; const u64 LAT = 10000;
    if (type == 0) { p = rnd() % 64; b = freel[--nfree]; ref[b] = 1; mk_arp(pool[b], BC, macs[p], 1, 0x0a000000 + p, 0x0a000000 + rnd() % 64); born[b] = e.t; frames++; SCHED_LAT(1u << 30 | p << 20 | b); if (--left) hpush((hev){e.t + 100000, seq++, 0}); }
    else if (type == 1) { const u8 *f = pool[b]; u64 dst = ld64(f) & MACMASK, src = ld64(f + 6) & MACMASK; if (src & 1) continue; rxf[p]++; rxb[p] += 60; fdb_learn(src, p, (u32)(e.t / 1000000));
      if (dst & 1) { floods++; ref[b] = 63; for (u32 k = mem_off[0], x = mem_off[1]; k < x; k++) { u32 o = mem_list[k]; if (o != p) { tail[o]++; txb[o] += 60; SCHED_LAT(2u << 30 | o << 20 | b); } } } }
    else { const u8 *f = pool[b]; if (f[0] & 1) { hrx[p]++; latsum += e.t - born[b]; } if (--ref[b] == 0) freel[nfree++] = b; }
  }
  double dt = now_s() - t0; u64 rx = 0; for (u32 h = 0; h < 64; h++) rx += hrx[h];
  if (rx != frames * 63) { fprintf(stderr, "W3s lost\n"); exit(1); }
  w6_dt += dt; w6_frames += rx; w6_events += events; w6_dg = (u32)(rx * 2654435761u ^ latsum ^ events);
}

int main(int argc, char **argv) {
  if (argc > 1) SEC = atof(argv[1]);
  for (int i = 2; i < argc; i++) if (!strncmp(argv[i], "only=", 5)) only = argv[i] + 5;
  // W1/W2: load factor 1/8 and 0.19 (the plain row); h = half-full table (13 / 18 bits), b = batches of 32 with prefetch, v = one-cache-line buckets
  u32 NF1 = getenv("NF") ? atoi(getenv("NF")) : 65536;
  if (want("W1")) { gen_unicast(4096, 64, 1, NF1, 15); RUN("W1", "frames", 1, pass_unicast, 3); RUN("W1b", "frames", 1, pass_batched, 3);
    gen_unicast(4096, 64, 1, NF1, 13); RUN("W1h", "frames", 1, pass_unicast, 3); RUN("W1v", "frames", 1, pass_bucket, 3); }
  if (want("W2")) { gen_unicast(100000, 1000, 100, 131072, 19); RUN("W2", "frames", 1, pass_unicast, 3); RUN("W2b", "frames", 1, pass_batched, 3);
    gen_unicast(100000, 1000, 100, 131072, 18); RUN("W2h", "frames", 1, pass_unicast, 3); RUN("W2v", "frames", 1, pass_bucket, 3); }
  if (want("W3")) { gen_flood(); RUN("W3", "deliveries", 63, pass_unicast, 3); qcopy = aligned_alloc(64, 64 * RING * 64); memset(qcopy, 0, 64 * RING * 64); RUN("W3c", "deliveries", 63, pass_flood_copy, 3); }
  if (want("W4")) { memset(vips, 0, sizeof vips); gen_churn(); RUN("W4", "garps", 1, pass_churn, 3); RUN("W4n", "garps", 1, pass_learnmove, 3); if (vipmoves == 0 || moves == 0) { fprintf(stderr, "W4 no moves\n"); return 1; } }
  if (want("W5")) { gen_parse(65536); okc = errc = accs = 0; pass_parse(0); if (errc) { fprintf(stderr, "W5 errors %llu\n", (unsigned long long)errc); return 1; } u32 d5 = (u32)accs; nports = 0; { u64 n = 0; double t0 = now_s(), t1; do { pass_parse(0); n += nfr; t1 = now_s(); } while (t1 - t0 < SEC); report("W5", n, t1 - t0, "frames", d5); } }
  if (want("W6")) for (int lanes = 0; lanes < 2; lanes++) {
    w6(lanes, 1000); w6_dt = 0; w6_frames = w6_events = 0; int runs = 0; while (runs < 2 || w6_dt < SEC) { w6(lanes, 10000); runs++; }
    report(lanes ? "W6l" : "W6", w6_frames, w6_dt, "frames", w6_dg); report(lanes ? "W6l-events" : "W6-events", w6_events, w6_dt, "events", w6_dg);
  }
  if (want("W3s")) for (int lanes = 0; lanes < 2; lanes++) {
    w3s(lanes, 2000); w6_dt = 0; w6_frames = w6_events = 0; while (w6_dt < SEC) w3s(lanes, 20000);
    report(lanes ? "W3sl" : "W3s", w6_frames, w6_dt, "deliveries", w6_dg); report(lanes ? "W3sl-events" : "W3s-events", w6_events, w6_dt, "events", w6_dg);
  }
  return 0;
}
