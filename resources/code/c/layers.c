/* The functions that exports to C take along, each those it needs. Values are laid out as in Keras, channels last. */

/* A window that slides over up to three axes; axes that are not there have the size 1. */
typedef struct {
    int in[3], out[3], size[3], stride[3], dilation[3], before[3];
} nl_window;

static void nl_affine(const float *x, int rows, int features, int units, const float *kernel, const float *bias,
                      float *y) {
    for (int r = 0; r < rows; r++) {
        for (int u = 0; u < units; u++) {
            float sum = bias ? bias[u] : 0.0f;
            for (int f = 0; f < features; f++) sum += x[r * features + f] * kernel[f * units + u];
            y[r * units + u] = sum;
        }
    }
}

static void nl_look_up(const float *x, int count, int words, int features, const float *vectors, float *y) {
    for (int i = 0; i < count; i++) {
        int word = (int)x[i];
        if (word < 0) word = 0;
        if (word >= words) word = words - 1;
        for (int f = 0; f < features; f++) y[i * features + f] = vectors[word * features + f];
    }
}

/* The place in x that a window's value is read from; -1 where that is padding. */
static int nl_place(const nl_window *w, const int *out, const int *tap) {
    int place = 0;
    for (int a = 0; a < 3; a++) {
        int i = out[a] * w->stride[a] + tap[a] * w->dilation[a] - w->before[a];
        if (i < 0 || i >= w->in[a]) return -1;
        place = place * w->in[a] + i;
    }
    return place;
}

/* The next one of the places before `end`; 0 behind the last. */
static int nl_next(int *at, const int *end) {
    for (int a = 2; a >= 0; a--) {
        if (++at[a] < end[a]) return 1;
        at[a] = 0;
    }
    return 0;
}

static void nl_convolve(const nl_window *w, int channels, int filters, int groups, const float *x,
                        const float *kernel, const float *bias, float *y) {
    int out[3] = {0, 0, 0}, per = channels / groups, each = filters / groups;
    do {
        for (int f = 0; f < filters; f++) y[f] = bias ? bias[f] : 0.0f;
        int tap[3] = {0, 0, 0};
        const float *k = kernel;
        do {
            int place = nl_place(w, out, tap);
            for (int c = 0; place >= 0 && c < per; c++) {
                for (int f = 0; f < filters; f++) {
                    y[f] += x[place * channels + f / each * per + c] * k[c * filters + f];
                }
            }
            k += per * filters;
        } while (nl_next(tap, w->size));
        y += filters;
    } while (nl_next(out, w->out));
}

/* Filters of one channel each: the kernel is (size, channels, multiplier). */
static void nl_convolve_depthwise(const nl_window *w, int channels, int multiplier, const float *x,
                                  const float *kernel, const float *bias, float *y) {
    int out[3] = {0, 0, 0}, filters = channels * multiplier;
    do {
        for (int f = 0; f < filters; f++) y[f] = bias ? bias[f] : 0.0f;
        int tap[3] = {0, 0, 0};
        const float *k = kernel;
        do {
            int place = nl_place(w, out, tap);
            for (int f = 0; place >= 0 && f < filters; f++) y[f] += x[place * channels + f / multiplier] * k[f];
            k += filters;
        } while (nl_next(tap, w->size));
        y += filters;
    } while (nl_next(out, w->out));
}

static void nl_max_pool(const nl_window *w, int channels, const float *x, float *y) {
    int out[3] = {0, 0, 0};
    do {
        for (int c = 0; c < channels; c++) y[c] = -INFINITY;
        int tap[3] = {0, 0, 0};
        do {
            int place = nl_place(w, out, tap);
            for (int c = 0; place >= 0 && c < channels; c++) y[c] = fmaxf(y[c], x[place * channels + c]);
        } while (nl_next(tap, w->size));
        y += channels;
    } while (nl_next(out, w->out));
}

/* The sum of every window, or with `mean` its mean; padding does not count. */
static void nl_sum_pool(const nl_window *w, int channels, int mean, const float *x, float *y) {
    int out[3] = {0, 0, 0};
    do {
        int count = 0, tap[3] = {0, 0, 0};
        for (int c = 0; c < channels; c++) y[c] = 0.0f;
        do {
            int place = nl_place(w, out, tap);
            count += place >= 0;
            for (int c = 0; place >= 0 && c < channels; c++) y[c] += x[place * channels + c];
        } while (nl_next(tap, w->size));
        for (int c = 0; mean && c < channels; c++) y[c] /= (float)count;
        y += channels;
    } while (nl_next(out, w->out));
}

/* y = x scale + offset, for each of `channels`, with `behind` values behind every one. */
static void nl_scale(const float *x, int count, int channels, int behind, const float *scale, const float *offset,
                     float *y) {
    for (int i = 0; i < count; i++) {
        int c = i / behind % channels;
        y[i] = x[i] * scale[c] + offset[c];
    }
}

static void nl_layer_normalize(const float *x, int rows, int features, float epsilon, const float *gamma,
                               const float *beta, float *y) {
    for (int r = 0; r < rows; r++, x += features, y += features) {
        float mean = 0.0f, variance = 0.0f;
        for (int f = 0; f < features; f++) mean += x[f] / (float)features;
        for (int f = 0; f < features; f++) variance += (x[f] - mean) * (x[f] - mean) / (float)features;
        float length = sqrtf(variance + epsilon);
        for (int f = 0; f < features; f++) {
            y[f] = (x[f] - mean) / length * (gamma ? gamma[f] : 1.0f) + (beta ? beta[f] : 0.0f);
        }
    }
}

/* Copy `rows` rows of `size` values to places that lie `stride` apart. */
static void nl_put(const float *x, int rows, int size, int stride, float *y) {
    for (int r = 0; r < rows; r++) {
        for (int i = 0; i < size; i++) y[r * stride + i] = x[r * size + i];
    }
}

static void nl_prelu(const float *x, int count, const float *alpha, float *y) {
    for (int i = 0; i < count; i++) y[i] = x[i] > 0.0f ? x[i] : alpha[i] * x[i];
}

static void nl_softmax(const float *x, int rows, int features, float *y) {
    for (int r = 0; r < rows; r++, x += features, y += features) {
        float most = x[0], sum = 0.0f;
        for (int f = 1; f < features; f++) most = fmaxf(most, x[f]);
        for (int f = 0; f < features; f++) sum += y[f] = expf(x[f] - most);
        for (int f = 0; f < features; f++) y[f] /= sum;
    }
}

static void nl_log_softmax(const float *x, int rows, int features, float *y) {
    for (int r = 0; r < rows; r++, x += features, y += features) {
        float most = x[0], sum = 0.0f;
        for (int f = 1; f < features; f++) most = fmaxf(most, x[f]);
        for (int f = 0; f < features; f++) sum += expf(x[f] - most);
        for (int f = 0; f < features; f++) y[f] = x[f] - most - logf(sum);
    }
}

static float nl_leaky(float x, float slope) { return x > 0.0f ? x : slope * x; }

static float nl_bent(float x, float alpha) { return x > 0.0f ? x : alpha * expm1f(x); }

static float nl_sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

static float nl_softplus(float x) { return fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x))); }

static float nl_hard_sigmoid(float x) { return fminf(fmaxf(x / 6.0f + 0.5f, 0.0f), 1.0f); }

/* x above the threshold and below the limit; below it the slope times the distance. */
static float nl_rectify(float x, float slope, float limit, float threshold) {
    return x > threshold ? fminf(x, limit) : fminf(0.0f, limit) - slope * (threshold - x);
}
