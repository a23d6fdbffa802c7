package org.warta.analysis;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.FilteringTokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceFilter;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.elasticsearch.plugin.Inject;
import org.elasticsearch.plugin.NamedComponent;
import org.elasticsearch.plugin.analysis.AnalyzerFactory;
import org.elasticsearch.plugin.analysis.TokenFilterFactory;
import org.elasticsearch.plugin.analysis.TokenizerFactory;
import org.elasticsearch.plugin.settings.AnalysisSettings;
import org.elasticsearch.plugin.settings.BooleanSetting;
import org.elasticsearch.plugin.settings.ListSetting;
import org.elasticsearch.plugin.settings.StringSetting;

/**
 * What Warta's index and the security index need of the official module `analysis-common`, which the server
 * from Maven lacks: the same Lucene classes under the official names, so that one mapping fits both servers.
 *
 * The server makes each filter once without settings: what is missing is an error where a filter is used.
 */
public final class AnalysisPlugin {
    @NamedComponent("indonesian")
    public static final class Indonesian implements AnalyzerFactory {
        @Override public Analyzer create() { return new IndonesianAnalyzer(); }
    }

    @NamedComponent("english")
    public static final class English implements AnalyzerFactory {
        @Override public Analyzer create() { return new EnglishAnalyzer(); }
    }

    @NamedComponent("uax_url_email")
    public static final class UrlsAndEmails implements TokenizerFactory {
        @Override public Tokenizer create() { return new UAX29URLEmailTokenizer(); }
    }

    @NamedComponent("asciifolding")
    public static final class Folding implements TokenFilterFactory {
        @Override public TokenStream create(TokenStream input) { return new ASCIIFoldingFilter(input); }
        @Override public TokenStream normalize(TokenStream input) { return create(input); }
    }

    @NamedComponent("unique")
    public static final class Unique implements TokenFilterFactory {
        @Override public TokenStream create(TokenStream input) { return new FirstOccurrences(input); }
    }

    @AnalysisSettings
    public interface PatternSettings {
        @ListSetting(path = "patterns") List<String> patterns();
        @BooleanSetting(path = "preserve_original", defaultValue = true) boolean keepsOriginal();
    }

    @NamedComponent("pattern_capture")
    public static final class PatternCapture implements TokenFilterFactory {
        private final boolean keepsOriginal;
        private final Pattern[] patterns;

        @Inject
        public PatternCapture(PatternSettings settings) {
            keepsOriginal = settings.keepsOriginal();
            patterns = settings.patterns().stream().map(Pattern::compile).toArray(Pattern[]::new);
        }

        @Override public TokenStream create(TokenStream input) {
            return new PatternCaptureGroupTokenFilter(input, keepsOriginal, patterns);
        }
    }

    @AnalysisSettings
    public interface ReplaceSettings {
        @StringSetting(path = "pattern", defaultValue = "") String pattern();
        @StringSetting(path = "replacement", defaultValue = "") String replacement();
        @BooleanSetting(path = "all", defaultValue = true) boolean all();
    }

    @NamedComponent("pattern_replace")
    public static final class PatternReplace implements TokenFilterFactory {
        private final Pattern pattern;
        private final String replacement;
        private final boolean all;

        @Inject
        public PatternReplace(ReplaceSettings settings) {
            pattern = Pattern.compile(settings.pattern());
            replacement = settings.replacement();
            all = settings.all();
        }

        @Override public TokenStream create(TokenStream input) {
            if (pattern.pattern().isEmpty()) throw new IllegalArgumentException("pattern is missing");
            return new PatternReplaceFilter(input, pattern, replacement, all);
        }
    }

    @AnalysisSettings
    public interface StemmerSettings {
        @StringSetting(path = "language", defaultValue = "") String language();
    }

    /** Of the official languages the two of Indonesian. */
    @NamedComponent("stemmer")
    public static final class Stemmer implements TokenFilterFactory {
        private final String language;

        @Inject
        public Stemmer(StemmerSettings settings) { language = settings.language(); }

        @Override public TokenStream create(TokenStream input) {
            return switch (language) {
                case "indonesian" -> new IndonesianStemFilter(input);
                case "light_indonesian" -> new IndonesianStemFilter(input, false);
                default -> throw new IllegalArgumentException("no stemmer here for " + language);
            };
        }
    }

    /** Each word once, the first time it occurs. */
    private static final class FirstOccurrences extends FilteringTokenFilter {
        private final CharTermAttribute word = addAttribute(CharTermAttribute.class);
        private final Set<String> seen = new HashSet<>();

        private FirstOccurrences(TokenStream input) { super(input); }

        @Override protected boolean accept() { return seen.add(word.toString()); }

        @Override public void reset() throws IOException {
            super.reset();
            seen.clear();
        }
    }
}
