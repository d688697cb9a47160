/*
 * The guessing of the attack, in C: hashes every candidate and looks its digest up in filters.
 *
 *   kernel guess THREADS FILTER...   jobs on standard input, one a line: before TAB first TAB last TAB
 *                                    width TAB after; a candidate is `before`, a number of `width` digits
 *                                    from `first` to `last`, `after`. SHA-256 of each.
 *   kernel keyed THREADS KEYS FILTER...   KEYS is a file of 32-byte keys, standard input one message a
 *                                    line: HMAC-SHA256 of each message under each key.
 *
 * A filter is a file of blocks of eight 32-bit words, a power of two of them; bit n of each word is set
 * as in filter.ts. A digest that may be in one is printed: number of the filter, TAB, the candidate (or
 * number of the key, TAB, number of the message). Progress goes to standard error, a count a line.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

enum { MAX_FILTERS = 8, CHUNK = 1 << 16, BATCH = 16, LONGEST = 55, LONGEST_MESSAGE = 119 };

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
static const uint32_t START[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint32_t SALT[8] = {0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d,
                                 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31};

static uint32_t rotate(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

static void compress_portable(uint32_t state[8], const uint8_t block[64]) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[i * 4] << 24 | block[i * 4 + 1] << 16 | block[i * 4 + 2] << 8 | block[i * 4 + 3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)) +
           (rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10));
  }
  memcpy(s, state, 32);
  for (int i = 0; i < 64; i++) {
    uint32_t one = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
                   ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
    uint32_t two = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
                   ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 28);
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

#if defined(__x86_64__)
/* Intel, "New Instructions Supporting the Secure Hash Algorithm": two rounds at once, state as ABEF and CDGH. */
__attribute__((target("sha,sse4.1,ssse3"))) static void compress_sha(uint32_t state[8], const uint8_t block[64]) {
  const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
  __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
  __m128i abef = _mm_alignr_epi8(low, high, 8);
  __m128i cdgh = _mm_blend_epi16(high, low, 0xf0);
  const __m128i abef_before = abef, cdgh_before = cdgh;
  __m128i m[4];
  for (int i = 0; i < 4; i++)
    m[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + i * 16)), order);
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) {
    __m128i now = m[i & 3];
    __m128i with = _mm_add_epi32(now, _mm_loadu_si128((const __m128i *)(K + i * 4)));
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, with);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(with, 0x0e));
    if (i < 12) {
      __m128i next = m[(i + 1) & 3], last = m[(i + 3) & 3];
      __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(now, next), _mm_alignr_epi8(last, m[(i + 2) & 3], 4));
      m[i & 3] = _mm_sha256msg2_epu32(sum, last);
    }
  }
  abef = _mm_add_epi32(abef, abef_before);
  cdgh = _mm_add_epi32(cdgh, cdgh_before);
  low = _mm_shuffle_epi32(abef, 0x1b);
  high = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xf0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

static int has_sha(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}
#endif

static void (*compress)(uint32_t[8], const uint8_t[64]) = compress_portable;

static struct {
  const uint32_t *words;
  uint32_t mask;
} filters[MAX_FILTERS];
static int filter_count;

static void *map(const char *path, size_t *size) {
  int fd = open(path, O_RDONLY);
  struct stat about;
  if (fd < 0 || fstat(fd, &about) != 0) exit(2);
  *size = (size_t)about.st_size;
  void *at = *size == 0 ? NULL : mmap(NULL, *size, PROT_READ, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) exit(2);
  close(fd);
  return at;
}

static const uint32_t *block_of(int filter, const uint32_t digest[8]) {
  return filters[filter].words + 8 * (size_t)(__builtin_bswap32(digest[1]) & filters[filter].mask);
}

static int may_hold(int filter, const uint32_t digest[8]) {
  const uint32_t *block = block_of(filter, digest), key = __builtin_bswap32(digest[0]);
  for (int i = 0; i < 8; i++)
    if (!(block[i] >> ((key * SALT[i]) >> 27) & 1)) return 0;
  return 1;
}

/* A message in one block, or in two, after `before` bytes that were compressed already. */
static int pad(uint8_t *block, const char *text, size_t length, size_t before) {
  int blocks = length > LONGEST ? 2 : 1;
  memset(block, 0, (size_t)blocks * 64);
  memcpy(block, text, length);
  block[length] = 0x80;
  uint64_t bits = (length + before) * 8;
  for (int i = 0; i < 8; i++) block[blocks * 64 - 1 - i] = (uint8_t)(bits >> (i * 8));
  return blocks;
}

static atomic_ullong next_chunk, done;
static atomic_int running;
static pthread_mutex_t out = PTHREAD_MUTEX_INITIALIZER;

typedef struct {
  char before[64], after[64];
  unsigned long long first, last, chunk;
  int width;
} job_t;
static job_t *jobs;
static size_t job_count;
static unsigned long long chunk_count;

static size_t job_of(unsigned long long chunk) {
  size_t low = 0, high = job_count;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (jobs[middle].chunk <= chunk) low = middle;
    else high = middle;
  }
  return low;
}

static void guess_chunk(const job_t *job, unsigned long long first, unsigned long long last) {
  uint8_t block[64];
  char text[LONGEST + 1];
  size_t length = (size_t)snprintf(text, sizeof text, "%s%0*llu%s", job->before, job->width, first, job->after);
  pad(block, text, length, 0);
  uint8_t *digits = block + strlen(job->before);
  uint32_t digest[BATCH][8];
  for (unsigned long long at = first; at <= last;) {
    int batch = (int)(last - at + 1 < BATCH ? last - at + 1 : BATCH);
    for (int i = 0; i < batch; i++) {
      memcpy(digest[i], START, 32);
      compress(digest[i], block);
      for (int f = 0; f < filter_count; f++) __builtin_prefetch(block_of(f, digest[i]));
      for (int d = job->width - 1; d >= 0 && ++digits[d] > '9'; d--) digits[d] = '0';
    }
    for (int i = 0; i < batch; i++)
      for (int f = 0; f < filter_count; f++) {
        if (!may_hold(f, digest[i])) continue;
        pthread_mutex_lock(&out);
        printf("%d\t%s%0*llu%s\n", f, job->before, job->width, at + (unsigned)i, job->after);
        pthread_mutex_unlock(&out);
      }
    at += (unsigned)batch;
  }
}

static void *guess(void *unused) {
  (void)unused;
  for (;;) {
    unsigned long long chunk = atomic_fetch_add(&next_chunk, 1);
    if (chunk >= chunk_count) break;
    const job_t *job = jobs + job_of(chunk);
    unsigned long long first = job->first + (chunk - job->chunk) * CHUNK, last = first + CHUNK - 1;
    if (last > job->last) last = job->last;
    guess_chunk(job, first, last);
    atomic_fetch_add(&done, last - first + 1);
  }
  atomic_fetch_sub(&running, 1);
  return NULL;
}

static const uint8_t *keys;
typedef struct {
  uint8_t bytes[128];
  int blocks;
} message_t;
static message_t *messages;
static size_t key_count, message_count;

static void *keyed(void *unused) {
  (void)unused;
  uint8_t block[64];
  for (;;) {
    unsigned long long key = atomic_fetch_add(&next_chunk, 1);
    if (key >= key_count) break;
    uint32_t inner[8], outer[8], digest[8];
    memcpy(inner, START, 32);
    memcpy(outer, START, 32);
    for (int i = 0; i < 64; i++) block[i] = (i < 32 ? keys[key * 32 + (unsigned)i] : 0) ^ 0x36;
    compress(inner, block);
    for (int i = 0; i < 64; i++) block[i] ^= 0x36 ^ 0x5c;
    compress(outer, block);
    memset(block, 0, 64);
    block[32] = 0x80;
    block[62] = 3; /* 96 bytes are 0x300 bits */
    for (size_t n = 0; n < message_count; n++) {
      memcpy(digest, inner, 32);
      for (int i = 0; i < messages[n].blocks; i++) compress(digest, messages[n].bytes + i * 64);
      for (int i = 0; i < 8; i++) {
        uint32_t word = __builtin_bswap32(digest[i]);
        memcpy(block + i * 4, &word, 4);
      }
      memcpy(digest, outer, 32);
      compress(digest, block);
      for (int f = 0; f < filter_count; f++) {
        if (!may_hold(f, digest)) continue;
        pthread_mutex_lock(&out);
        printf("%d\t%llu\t%zu\n", f, key, n);
        pthread_mutex_unlock(&out);
      }
    }
    atomic_fetch_add(&done, message_count);
  }
  atomic_fetch_sub(&running, 1);
  return NULL;
}

static void read_jobs(void) {
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  while ((length = getline(&line, &room, stdin)) > 0) {
    jobs = realloc(jobs, (job_count + 1) * sizeof *jobs);
    job_t *job = jobs + job_count;
    char *part[5], *rest = line;
    line[strcspn(line, "\n")] = 0;
    for (int i = 0; i < 5; i++) part[i] = strsep(&rest, "\t");
    if (!part[4] || strlen(part[0]) > 40 || strlen(part[4]) > 40) exit(2);
    strcpy(job->before, part[0]);
    job->first = strtoull(part[1], NULL, 10);
    job->last = strtoull(part[2], NULL, 10);
    job->width = atoi(part[3]);
    strcpy(job->after, part[4]);
    if (strlen(part[0]) + (size_t)job->width + strlen(part[4]) > LONGEST) exit(2);
    job->chunk = chunk_count;
    chunk_count += (job->last - job->first) / CHUNK + 1;
    job_count++;
  }
}

static void read_messages(void) {
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  while ((length = getline(&line, &room, stdin)) > 0) {
    if (line[length - 1] == '\n') length--;
    if (length > LONGEST_MESSAGE) exit(2);
    messages = realloc(messages, (message_count + 1) * sizeof *messages);
    message_t *message = messages + message_count++;
    message->blocks = pad(message->bytes, line, (size_t)length, 64);
  }
}

int main(int count, char **words) {
  if (count < 4) return 2;
#if defined(__x86_64__)
  if (has_sha()) compress = compress_sha;
#endif
  int with_keys = strcmp(words[1], "keyed") == 0, threads = atoi(words[2]), from = 3;
  size_t size;
  if (with_keys) {
    keys = map(words[from++], &size);
    key_count = size / 32;
  }
  for (; from < count && filter_count < MAX_FILTERS; from++) {
    filters[filter_count].words = map(words[from], &size);
    filters[filter_count++].mask = (uint32_t)(size / 32 - 1);
  }
  if (with_keys) read_messages();
  else read_jobs();
  running = threads;
  for (int i = 0; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, with_keys ? keyed : guess, NULL) != 0) return 2;
    pthread_detach(thread);
  }
  while (running > 0) {
    usleep(100000);
    fprintf(stderr, "%llu\n", (unsigned long long)done);
  }
  fprintf(stderr, "%llu\n", (unsigned long long)done);
  return fflush(stdout) == 0 ? 0 : 2;
}
