import math


def exponential_decay(rate, step, decay_steps, decay_rate, staircase):
    p = step / decay_steps
    return rate * decay_rate ** (math.floor(p) if staircase else p)


def inverse_time_decay(rate, step, decay_steps, decay_rate, staircase):
    p = step / decay_steps
    return rate / (1 + decay_rate * (math.floor(p) if staircase else p))


def piecewise_constant_decay(rate, step, boundaries, values):
    return values[min(sum(step > boundary for boundary in boundaries), len(values) - 1)]


def polynomial_decay(rate, step, decay_steps, end_learning_rate, power, cycle):
    steps = decay_steps * (max(math.ceil(step / decay_steps), 1) if cycle else 1)
    return (rate - end_learning_rate) * (1 - min(step, steps) / steps) ** power + end_learning_rate


def cosine_decay(rate, step, decay_steps, alpha, warmup_target, warmup_steps):
    if warmup_target is not None:
        if step < warmup_steps:
            return rate + (warmup_target - rate) * step / warmup_steps
        rate, step = warmup_target, step - warmup_steps
    wave = 0.5 * (1 + math.cos(math.pi * min(step, decay_steps) / decay_steps))
    return rate * ((1 - alpha) * wave + alpha)


def cosine_decay_restarts(rate, step, first_decay_steps, t_mul, m_mul, alpha):
    p = step / first_decay_steps
    if t_mul == 1:
        restarts = math.floor(p)
        p -= restarts
    else:
        restarts = math.floor(math.log(1 - p * (1 - t_mul)) / math.log(t_mul))
        p = (p - (1 - t_mul**restarts) / (1 - t_mul)) / t_mul**restarts
    return rate * ((1 - alpha) * 0.5 * m_mul**restarts * (1 + math.cos(math.pi * p)) + alpha)
